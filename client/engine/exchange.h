// One sync, from the first question to the last answer (SPEC 3.3, 5.6, 5.7, 6.3), without a network, a thread
// or a clock of its own: whoever has these drives it.
//
//   Exchange exchange(store, random, {});
//   absl::StatusOr<Next> next = exchange.Begin({}, clock.Now());
//   while (next.ok() && std::holds_alternative<Ask>(*next)) {
//     Answer answer = …ask the server…;
//     next = exchange.Take(answer, clock.Now());
//   }
//   const RunEnd& end = std::get<RunEnd>(*next);
//
// Each call is one transaction of the store: what is asked was frozen before it is returned, and an answer is
// stored with all that follows from it. So a process may die between any two lines, and the next Begin takes
// up from what is stored: nothing is lost, nothing has effect twice.
//
// One run at a time for one store, over all processes (store/sync_lock.h); meanwhile anybody may edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/domain/protocol.h"
#include "client/domain/self_check.h"
#include "client/store/local_store.h"
#include "common/random/random.h"

namespace tidemark::client {

class TaskBook;

enum class Generation { kV1, kFinal };

struct ExchangeOptions {
  Generation generation = Generation::kFinal;
  // Entries of a page, 1 … 1,000.
  int page_limit = 1'000;
  // Changes in a request. The server takes 1,000 and 1 MiB.
  int batch_max = 1'000;
  // Sends its clock's time, so that the server can correct edit times.
  bool tells_time = true;
};

struct RunOptions {
  // With nothing pending, ask by a check first whether there is anything to pull.
  bool may_check = true;
  // Reads are paused: only push. With nothing pending there is nothing to do.
  bool push_only = false;
};

// How a run ended.
struct RunEnd {
  enum class How {
    // All is sent and all was pulled.
    kComplete,
    // All is sent; the pull waits for `retry_after`.
    kDeferred,
    // All is sent; the answer waits for the person's consent (Replica::held).
    kHeld,
    // `error` says why not; what is pending stays pending.
    kFailed,
  };
  How how = How::kComplete;
  absl::Status error = {};
  // With kDeferred. Of an error: ErrorInfoOf(error).
  std::optional<absl::Duration> retry_after = std::nullopt;
  // As the server suggests.
  std::optional<absl::Duration> next_sync_in = std::nullopt;
  // What the self-check found, healed or not.
  std::optional<Difference> difference = std::nullopt;
  // Told to the person in this run, and kept by the store until dismissed.
  int conflicts = 0;
  int rejections = 0;
  // Changes that were answered.
  int pushed = 0;
  // Updates and deletions that were told.
  int pulled = 0;
  // Requests that were answered.
  int requests = 0;
  // True: a 304 said it all.
  bool not_modified = false;
};

using Next = std::variant<Ask, RunEnd>;

// Not thread-safe.
class Exchange {
 public:
  // A run that has asked this often leaves the rest to the next one.
  static constexpr int kRequestsMax = 10'000;
  // A run whose series was cut so often by the server ends with its error.
  static constexpr int kRestartsMax = 3;

  // Both outlive this. `random` names the device when it needs a new name.
  Exchange(LocalStore& store, Random& random, ExchangeOptions options)
      : store_(store), random_(random), options_(options) {}

  // Begins a run, or begins it anew after Abandon. Errors are the store's.
  absl::StatusOr<Next> Begin(const RunOptions& run, UnixMillis now);
  // The answer to what was asked last. An error is the store's, and the answer is as if it had never come.
  absl::StatusOr<Next> Take(const Answer& answer, UnixMillis now);
  // No answer will come: as after a crash.
  void Abandon() { asked_.reset(); }

  // Nothing, or what waits for an answer.
  const std::optional<Ask>& asked() const { return asked_; }

 private:
  // What the transaction of a call decides: the next question, or nothing: the run has ended.
  using Decision = std::optional<Ask>;

  absl::StatusOr<Next> Decide(absl::FunctionRef<Decision(Transaction&)> decide);
  Decision NextAsk(Transaction& tx, UnixMillis now);
  SyncAsk NewSyncAsk(const Replica& replica, UnixMillis now) const;
  Decision TakeFailure(Transaction& tx, const Ask& asked, const absl::Status& error, UnixMillis now);
  Decision TakeCheck(Transaction& tx, const CheckAnswer& answer, UnixMillis now);
  Decision TakePage(Transaction& tx, const SyncAsk& asked, const Page& page, UnixMillis now);
  RunEnd::How Close(TaskBook& book, const Series& series, const Page& page, UnixMillis now);
  Decision Fail(absl::Status error);
  bool HasMoreOfThisRun(Transaction& tx) const;
  bool NoteDifference(Replica& replica, const std::string& etag, UnixMillis now);

  LocalStore& store_;
  Random& random_;
  const ExchangeOptions options_;

  // Of the run. What a transaction changes of it holds only if the transaction does.
  struct Run {
    RunOptions options;
    RunEnd end;
    // Edits made later are for the next run.
    UnixMillis edits_until;
    // A check has said that there is something to pull, or has no need to be asked.
    bool must_pull = true;
    int restarts = 0;
    int batch_max = 0;
  };
  Run run_;
  std::optional<Ask> asked_;
};

// What the person decides about a held answer. kNotFound: none is held (any more).
absl::Status AgreeToMassChange(LocalStore& store, UnixMillis now);
// The tasks stay, and are sent to the server again.
absl::Status RefuseMassChange(LocalStore& store, UnixMillis now);

}  // namespace tidemark::client
