// The auth engine over memory, for its tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/mutex/mutex.h"
#include "common/mutex/versioned.h"
#include "common/status/error.h"
#include "services/auth/engine/engine.h"
#include "services/auth/storage/memory_store.h"
#include "services/ratelimit/client/quota.h"

namespace tidemark::auth {

inline constexpr char kEmail[] = "ada@example.org";
inline constexpr char kPassword[] = "correct horse battery";

// Fast, and remembers which hashes were tried.
class FakeHasher : public PasswordHasher {
 public:
  Task<absl::StatusOr<std::string>> Hash(std::string password) override { co_return "hash of " + password; }
  Task<absl::StatusOr<bool>> Matches(std::string hash, std::string password) override {
    if (is_full) co_return Error(Code::kUnavailable, "too many", {.retry_after = absl::Seconds(1)});
    tried.push_back(hash);
    co_return hash == "hash of " + password;
  }

  bool is_full = false;
  std::vector<std::string> tried;
};

// Allows all but the subjects it was told to refuse, and remembers what it was asked.
class FakeLimiter : public ratelimit::Limiter {
 public:
  Task<ratelimit::Decision> Acquire(ratelimit::Ask ask, Origin) override {
    {
      // Some tests ask from several loops at once.
      MutexLock lock(&mutex_);
      asked.push_back(ask.policy + " " + ask.subject);
    }
    const bool allowed = !refused.contains(ask.subject);
    co_return ratelimit::Decision{.allowed = allowed,
                                  .remaining = allowed ? 9 : 0,
                                  .limit = 10,
                                  .retry_after = allowed ? absl::ZeroDuration() : absl::Seconds(42)};
  }

  // To be looked at while nobody asks.
  std::set<std::string> refused;
  std::vector<std::string> asked;

 private:
  Mutex mutex_;
};

// Remembers whose tasks it erased, and fails on demand.
class FakeEraser : public TaskEraser {
 public:
  Task<absl::Status> Erase(UserId user, Origin) override {
    if (away) co_return absl::UnavailableError("the sync service is away");
    erased.push_back(user);
    co_return absl::OkStatus();
  }

  bool away = false;
  std::vector<UserId> erased;
};

class AuthEngineTest : public testing::Test {
 protected:
  absl::StatusOr<Tokens> Register(const Credentials& credentials) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine_.Register(credentials, caller_); });
  }
  absl::StatusOr<Tokens> Login(const Credentials& credentials) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine_.Login(credentials, caller_); });
  }
  absl::StatusOr<Tokens> Refresh(const std::string& token) { return Refresh(token, engine_); }
  absl::StatusOr<Tokens> Refresh(const std::string& token, Engine& engine) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine.Refresh(token, caller_); });
  }
  absl::Status Logout(const std::string& token) {
    return Run<absl::Status>([&] { return engine_.Logout(token, caller_); });
  }

  void UseOfAHundredRequests(int64_t used) {
    ratelimit::Limits limits;
    limits.budgets[ratelimit::Resource::kRequests] = 100;
    limits_.Replace(std::move(limits));
    quota_.Count(ratelimit::Resource::kRequests, used);
  }

  template <typename T>
  T Run(std::function<Task<T>()> body) {
    return RunBlocking<T>(loops_.Next(), std::move(body));
  }

  static Credentials Ada(const std::string& password = kPassword) {
    return {.email = kEmail, .password = password, .device_id = "phone"};
  }

  AccessClaims ClaimsOf(const Tokens& tokens) {
    auto keys = Run<absl::StatusOr<std::vector<PublicKey>>>([&] { return engine_.GetJwks(Origin()); });
    absl::StatusOr<AccessClaims> claims =
        VerifyAccessToken(tokens.access_token, keys.value().at(0), Policy().scope, clock_.Now());
    EXPECT_TRUE(claims.ok()) << claims.status();
    return claims.value_or(AccessClaims());
  }

  static std::optional<Code> CodeOf(const absl::Status& status) {
    if (status.ok()) return std::nullopt;
    return ErrorInfoOf(status).code;
  }
  template <typename T>
  static std::optional<Code> CodeOf(const absl::StatusOr<T>& result) {
    return CodeOf(result.status());
  }

  // Whose access tokens those who watch are told to refuse, in order.
  std::vector<SessionId> Refused() {
    RunBlocking<void>(loops_.Next(), [this] { return revocations_.Refresh(); });
    const auto watcher = revocations_.Watch([] {});
    const std::optional<RevocationBatch> batch = watcher->Take();
    std::vector<SessionId> sessions;
    for (const RefusedSession& refused : batch->sessions) sessions.push_back(refused.session);
    return sessions;
  }

  // Another replica, which derives successors by these keys.
  Engine EngineWith(SecretKeys successor_keys) {
    return Engine({.accounts = accounts_,
                   .keys = keys_,
                   .revocations = revocations_,
                   .hasher = hasher_,
                   .tasks = eraser_,
                   .limiter = limiter_,
                   .quota = quota_,
                   .clock = clock_,
                   .random = random_,
                   .successor_keys = std::move(successor_keys),
                   .network_key = SecretKey()},
                  Policy());
  }

  ManualClock clock_{UnixMillis{1'735'689'600'123}};
  SeededRandom random_{5};
  MemoryAccountStore accounts_;
  MemoryKeyStore key_store_;
  FakeHasher hasher_;
  FakeLimiter limiter_;
  FakeEraser eraser_;
  Versioned<ratelimit::Limits> limits_{ratelimit::Limits()};
  ratelimit::Quota quota_{limits_, clock_};
  KeyRing keys_{key_store_, clock_, random_, {SecretKey()}, absl::Minutes(15)};
  RevocationFeed revocations_{accounts_, clock_, Sleep, absl::Minutes(15)};
  Engine engine_ = EngineWith({SecretKey()});
  Caller caller_{.address = "192.0.2.1", .origin = {.request_id = "r1"}};
  EventLoops loops_{2};
};

}  // namespace tidemark::auth
