// Random days of random clients, each seed the same on every machine.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "client/domain/schedule/schedule.h"

namespace tidemark::client {
namespace {

constexpr UnixMillis kStart{1'767'225'600'000};
constexpr int64_t kSecond = 1'000;
constexpr int64_t kDay = 86'400 * kSecond;
constexpr int kSeeds = 200;

class RandomClient {
 public:
  explicit RandomClient(uint64_t seed)
      : engine_(seed), schedule_(DefaultScheduleSettings(), Protocol::kFinal, [this] { return Part(); }) {
    schedule_.On(event::AppStarted{}, now_);
  }

  // What a server may say, sense or nonsense.
  Event AnyAnswer() {
    constexpr std::array kCodes = {"no_answer",       "unavailable", "rate_limited",
                                   "quota_exhausted", "read_paused", "validation"};
    const auto seconds = [this] {
      return absl::Seconds(OneIn(2) ? 0 : static_cast<int64_t>(Below(100'000)));
    };
    const auto maybe = [&] { return OneIn(2) ? std::optional(seconds()) : std::nullopt; };
    const std::vector<LimitTold> limits = {
        {.policy = OneIn(2) ? "sync" : "push_reserve", .limit = 10, .reset = seconds(), .window = seconds()}};
    if (OneIn(3)) {
      return event::RunFailed{
          .code = kCodes[Below(kCodes.size())], .retry_after = maybe(), .pushed = OneIn(2), .limits = limits};
    }
    return event::RunDone{.etag = OneIn(2) ? std::optional<std::string>("1-2-3") : std::nullopt,
                          .next_sync_in = maybe(),
                          .deferred_for = OneIn(4) ? maybe() : std::nullopt,
                          .limits = limits};
  }

  Event AnyEvent() {
    switch (Below(14)) {
      case 0:
        return event::Edited{};
      case 1:
        return event::AppStarted{};
      case 2:
        return event::CameToFront{};
      case 3:
        return event::WentBehind{};
      case 4:
        return event::Asked{};
      case 5:
        return event::StreamOpened{};
      case 6:
        return event::StreamClosed{};
      case 7:
        return event::HeadTold{OneIn(2) ? "1-2-3" : "4-5-6"};
      case 8:
        return event::NetworkBack{};
      case 9:
        return event::RunBegan{static_cast<Trigger>(Below(7))};
      case 10:
        return event::RunAbandoned{};
      case 11:
        return event::Tick{};
      default:
        return AnyAnswer();
    }
  }

  // Moments, mostly; now and then the clock is set, or the machine sleeps.
  void AnyTimePasses() {
    if (!OneIn(20)) {
      now_.value += Below(600) * kSecond;
      return;
    }
    now_.value += (Below(2) == 0 ? 1 : -1) * Below(1'000) * kDay;
    now_.value = std::max<int64_t>(now_.value, kDay);
  }

  uint64_t Below(uint64_t n) { return engine_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  double Part() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  std::mt19937_64 engine_;
  UnixMillis now_ = kStart;
  Schedule schedule_;
};

TEST(ScheduleLaws, SomethingIsAlwaysDueAndNeverFurtherOffThanAServerMayAskFor) {
  const ScheduleSettings& settings = DefaultScheduleSettings();
  const absl::Duration furthest =
      settings.wait.server_longest + settings.wait.midnight_spread + settings.backoff.longest;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RandomClient client(seed);
    for (int step = 0; step < 300; ++step) {
      client.AnyTimePasses();
      client.schedule_.On(client.AnyEvent(), client.now_);
      const std::optional<Due> due = client.schedule_.Next();
      ASSERT_TRUE(due) << "seed " << seed << ", step " << step;
      const absl::Duration wait = absl::Milliseconds(due->at.value - client.now_.value);
      // A clock that was set back by less than a minute is not noticed.
      ASSERT_LE(wait, furthest + absl::Minutes(1)) << "seed " << seed << ", step " << step;
    }
  }
}

TEST(ScheduleLaws, WhateverTheServerAnswersNobodySyncsInALoop) {
  // Of the waits that a client takes upon itself the shortest is a second after a first 429, and a minute for
  // a pull that was put off; what is between comes rarely enough.
  constexpr int64_t kRunsPerDayMax = 2'000;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RandomClient client(seed);
    // Half of the servers have one answer for everything.
    const Event stubborn = client.AnyAnswer();
    int64_t runs = 0;
    const UnixMillis end{kStart.value + kDay};
    while (client.now_ < end) {
      const Due due = client.schedule_.Next().value();
      client.now_ = std::max(client.now_, due.at);
      client.schedule_.On(event::RunBegan{due.trigger}, client.now_);
      client.schedule_.On(seed % 2 == 0 ? stubborn : client.AnyAnswer(), client.now_);
      ASSERT_LT(++runs, kRunsPerDayMax) << "seed " << seed;
    }
  }
}

TEST(ScheduleLaws, WhatIsSavedIsAllThatOutlivesAProcess) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RandomClient client(seed);
    for (int step = 0; step < 100; ++step) {
      client.AnyTimePasses();
      client.schedule_.On(client.AnyEvent(), client.now_);
    }
    client.schedule_.On(event::StreamClosed{}, client.now_);
    client.schedule_.On(event::WentBehind{}, client.now_);
    Schedule other(DefaultScheduleSettings(), Protocol::kFinal, [] { return 0.5; });
    ASSERT_TRUE(other.Load(client.schedule_.Save()).ok());
    EXPECT_EQ(other.Next(), client.schedule_.Next()) << "seed " << seed;
    EXPECT_EQ(other.Save(), client.schedule_.Save()) << "seed " << seed;
    EXPECT_EQ(other.message(), client.schedule_.message());
  }
}

}  // namespace
}  // namespace tidemark::client
