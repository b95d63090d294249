// The watch of a pool against backends that are stopped, as a stuck volume stops them.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/async/event_loops.h"
#include "common/async/test_eventually.h"
#include "common/pg/connection.h"
#include "common/pg/pool.h"
#include "common/pg/server_watch.h"
#include "common/pg/test_database.h"
#include "common/status/error.h"

namespace tidemark::pg {
namespace {

// Longer than any test: what ends before was ended by the watch.
constexpr absl::Duration kNever = absl::Hours(1);

class ServerWatchTest : public testing::Test {
 protected:
  ~ServerWatchTest() override { Signal(SIGCONT); }

  absl::Status Query(const std::string& sql) {
    return RunBlocking<absl::StatusOr<int>>(loops_.Next(),
                                            [&]() -> Task<absl::StatusOr<int>> {
                                              Work<int> work = [this,
                                                                &sql](Connection& db) -> absl::StatusOr<int> {
                                                begun_ = true;
                                                db.Query(sql);
                                                return 0;
                                              };
                                              co_return co_await pool_.Run<int>(std::move(work));
                                            })
        .status();
  }
  // Everybody who serves the pool. New ones are not stopped.
  void Stop() {
    const pqxx::result rows = owner_.Query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = "
        "'tidemark_service'");
    for (const pqxx::row& row : rows) backends_.push_back(row[0].as<pid_t>());
    Signal(SIGSTOP);
  }
  void Signal(int signal) {
    for (const pid_t backend : backends_) kill(backend, signal);
  }

  TestDatabase database_;
  EventLoops loops_{1};
  Connection owner_{PoolOptions{.url = database_.owner_url()}};
  Pool pool_{{.url = database_.service_url(), .connections = 1, .statement_timeout = kNever}};
  std::atomic<bool> begun_ = false;
  std::vector<pid_t> backends_;
};

TEST_F(ServerWatchTest, EndsWhatWaitsForAServerThatHangs) {
  std::future<absl::Status> waits =
      std::async(std::launch::async, [&] { return Query("SELECT pg_sleep(3600)"); });
  ASSERT_TRUE(Eventually([&] { return begun_ && pool_.healthy(); }));
  Stop();
  const absl::Status ended = waits.get();
  EXPECT_EQ(ErrorInfoOf(ended).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(ended).details.retry_after, absl::Seconds(5));
}

TEST_F(ServerWatchTest, WhenTheServerAnswersAgainWorkIsDone) {
  ASSERT_TRUE(Eventually([&] { return pool_.healthy(); }));
  Stop();
  ASSERT_TRUE(Eventually([&] { return !pool_.healthy(); }));
  EXPECT_TRUE(Eventually([&] { return Query("SELECT 1").ok(); }));
  EXPECT_TRUE(pool_.healthy());
}

TEST_F(ServerWatchTest, ASlowStatementOfAServerThatAnswersIsLeftAlone) {
  // A machine that itself stands still for a second is as a server that hangs: then once more.
  EXPECT_TRUE(Eventually([&] { return Query("SELECT pg_sleep(2)").ok(); }));
}

// Takes connections, and says nothing.
TEST(ServerWatchWithoutServerTest, AServerThatDoesNotGreetHangs) {
  using Tcp = boost::asio::ip::tcp;
  boost::asio::io_context context;
  Tcp::acceptor silent(context, {boost::asio::ip::address_v4::loopback(), 0});
  ServerState server;
  const int before = server.generation();
  ServerWatch watch({.url = absl::StrCat("postgresql://u@127.0.0.1:", silent.local_endpoint().port(), "/d")},
                    server);
  EXPECT_TRUE(Eventually([&] { return server.generation() != before; }));
  EXPECT_TRUE(server.away());
}

}  // namespace
}  // namespace tidemark::pg
