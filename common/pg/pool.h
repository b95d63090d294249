// PostgreSQL through libpqxx, without ever blocking an event loop.
//
//   pg::Pool pool({.url = settings.postgres_url, .connections = 8, .statements = kStatements});
//   pg::Work<Head> read = [user](pg::Connection& db) -> absl::StatusOr<Head> {
//     pqxx::result rows = db.Query(pg::Script().Bind(user).Execute("read_head", user.value()));
//     ...
//   };
//   absl::StatusOr<Head> head = co_await pool.Run<Head>(std::move(read));
//
// One worker thread per connection; `work` runs there and may block. A script is sent whole in one
// simple-protocol message, so BEGIN, the row-level-security binding and a prepared statement cost one round
// trip together.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/metrics/metrics.h"

namespace tidemark::pg {

class Connection;

// Prepared on each new connection as `PREPARE name(parameters) AS sql`.
struct Statement {
  std::string name;
  // Parameter types in order, e.g. "uuid, text[]". Empty: none.
  std::string parameters;
  std::string sql;
};

struct PoolOptions {
  // postgresql://user:password@host:port/database
  std::string url = {};
  // For work; one more only asks whether the server is there.
  int connections = 8;
  // Work that waits for a connection; one more is answered `unavailable`.
  int queue_max = 1000;
  // The same for reads: when so much waits, there is still room for writes.
  int queue_reads_max = 500;
  // A read that has waited for longer is not begun, but answered `unavailable`: its place is a write's.
  absl::Duration read_wait_max = absl::Seconds(2);
  // Each statement, and a transaction that sits idle, is cut by the server after this long. Where the server
  // itself has stalled, what waits for it is given up in less than two seconds (server_watch.h).
  absl::Duration statement_timeout = absl::Seconds(5);
  // A connection attempt is given up after this long, and so is the preparing of its statements. While the
  // server is down, Run fails fast: an attempt that failed is not repeated for a quarter of a second.
  absl::Duration connect_timeout = absl::Seconds(2);
  std::vector<Statement> statements = {};
  // Told how many of `statements` were sent together, those that only read and those that write. From any
  // thread.
  std::function<void(int reads, int writes)> on_statements = nullptr;
  // Shows tidemark_postgres_*, and tidemark_dependency_up{dependency="postgres"}; null: nothing.
  metrics::Registry* metrics = nullptr;
};

// What is refused first when too much waits.
enum class Rank { kWrite, kRead };

// What Run runs. Named before it is awaited: g++ 12 destroys a lambda twice that is made inside a co_await.
template <typename T>
using Work = std::function<absl::StatusOr<T>(Connection&)>;

// `unavailable`, for whom the queue is full.
absl::Status QueueFull();

// Thread-safe. Connects lazily and again after a loss, so a restarted server needs no restart of ours.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  // Finishes the work already queued.
  ~Pool();

  // Runs `work` on a worker thread and resumes the caller on its loop. pqxx exceptions thrown by `work` end
  // here:
  //   UNAVAILABLE         `unavailable`: the server cannot be reached, the connection broke (the outcome of
  //                       a COMMIT that was under way is then unknown), too much waits, or the server
  //                       gave the transaction up (a timeout, a deadlock, no room; nothing was committed).
  //                       Carries a retry_after.
  //   ALREADY_EXISTS      a unique constraint was violated; the message names it
  //   INTERNAL            any other SQL error. Its message is for the log, not for the caller.
  // When `work` returns or throws inside a transaction that it did not commit, the pool rolls it back.
  template <typename T>
  Task<absl::StatusOr<T>> Run(Work<T> work, Rank rank = Rank::kWrite) {
    co_return co_await Await<absl::StatusOr<T>>([&](Completion<absl::StatusOr<T>> done) {
      auto result = std::make_shared<absl::StatusOr<T>>(absl::UnknownError("work did not run"));
      Submit([work = std::move(work), result](Connection& db) { return (*result = work(db)).status(); },
             [result, done = std::move(done)](absl::Status status) {
               if (!status.ok()) *result = std::move(status);
               done(std::move(*result));
             },
             rank);
    });
  }

  // The same for who does not await: calls `done` exactly once, after what `work` left open was rolled back,
  // from a worker thread or, when the queue is full, from this one.
  void Submit(std::function<absl::Status(Connection&)> work, std::function<void(absl::Status)> done,
              Rank rank = Rank::kWrite);

  // True if the server answered when it was last asked, which is several times a second. Does not block.
  bool healthy() const;

  int queue_max() const;

  // Work under way and waiting, as a share of the connections; 1: all are busy, or more.
  double load() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::pg
