#include "services/auth/engine/password_hasher.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <vector>

#include "common/async/event_loops.h"
#include "common/async/test_eventually.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

TEST(Argon2idHasher, MatchesWhatItHashed) {
  EventLoops loops(1);
  Argon2idHasher hasher;
  using Hashed = absl::StatusOr<std::string>;
  using Matched = absl::StatusOr<bool>;
  Hashed hash = RunBlocking<Hashed>(loops.Next(), [&] { return hasher.Hash("correct horse battery"); });
  ASSERT_TRUE(hash.ok()) << hash.status();
  auto matches = [&](const char* password) {
    return RunBlocking<Matched>(loops.Next(), [&, password] { return hasher.Matches(*hash, password); })
        .value();
  };
  EXPECT_TRUE(matches("correct horse battery"));
  EXPECT_FALSE(matches("correct horse"));
}

// More at once than may wait: each is answered, and those that found no place are told so.
TEST(Argon2idHasher, AnswersUnavailableBeyondItsQueue) {
  constexpr int kAtOnce = 30;
  EventLoops loops(1);
  Argon2idHasher hasher({.threads = 1, .waiting_max = 2});
  std::vector<std::future<absl::Status>> answers;
  for (int i = 0; i < kAtOnce; ++i) {
    auto promise = std::make_shared<std::promise<absl::Status>>();
    answers.push_back(promise->get_future());
    Spawn(loops.Next(), [&hasher, promise]() -> Task<void> {
      absl::StatusOr<std::string> hash = co_await hasher.Hash("correct horse battery");
      promise->set_value(hash.status());
    });
  }
  int refused = 0;
  for (std::future<absl::Status>& answer : answers) {
    absl::Status status = answer.get();
    if (status.ok()) continue;
    ++refused;
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kUnavailable);
    EXPECT_TRUE(ErrorInfoOf(status).details.retry_after.has_value());
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, kAtOnce);
}

TEST(Argon2idHasher, ShowsHowManyPasswordsWait) {
  constexpr int kAtOnce = 4;
  EventLoops loops(1);
  metrics::Registry registry;
  Argon2idHasher hasher({.threads = 1, .waiting_max = kAtOnce});
  metrics::Readings readings(registry);
  hasher.Show(readings);
  const auto shows_none = [](const std::string& text) {
    return text.find("tidemark_password_hashes_waiting 0\n") != std::string::npos;
  };
  const auto shown_while_busy = [&] {
    std::promise<void> all;
    int answered = 0;
    std::string while_busy;
    loops.at(0).Post([&] {
      for (int i = 0; i < kAtOnce; ++i) {
        Spawn(loops.at(0), [&]() -> Task<void> {
          (void)co_await hasher.Hash("correct horse battery");
          if (++answered == kAtOnce) all.set_value();
        });
      }
      // After those have been handed over, and long before the worker has got to the last.
      loops.at(0).Post([&] { while_busy = registry.Text(); });
    });
    all.get_future().wait();
    // The loop has looked, and left the last of them.
    RunBlocking<void>(loops.at(0), []() -> Task<void> { co_return; });
    return while_busy;
  };
  // Where the loop was kept from looking until all were done, once more.
  EXPECT_TRUE(Eventually([&] { return !shows_none(shown_while_busy()); }));
  EXPECT_TRUE(shows_none(registry.Text()));
}

}  // namespace
}  // namespace tidemark::auth
