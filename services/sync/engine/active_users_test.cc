#include "services/sync/engine/active_users.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "common/async/event_loops.h"

namespace tidemark::sync {
namespace {

class FakeUserCounter : public UserCounter {
 public:
  Task<absl::StatusOr<int64_t>> Add(DayNumber day, std::vector<uint64_t> users) override {
    if (away) co_return absl::UnavailableError("away");
    told += users.size();
    days[day].insert(users.begin(), users.end());
    co_return static_cast<int64_t>(days[day].size());
  }
  bool away = false;
  std::size_t told = 0;
  std::map<DayNumber, std::set<uint64_t>> days;
};

class ActiveUsersTest : public testing::Test {
 protected:
  void Report(ActiveUsers& users) {
    RunBlocking<void>(loops_.at(0), [&] { return users.Report(counter_); });
  }
  static UserId User(int number) { return UserId("user-" + std::to_string(number)); }

  // One second before midnight.
  ManualClock clock_{UnixMillis{1'735'689'600'000 - 1'000}};
  EventLoops loops_{1};
  FakeUserCounter counter_;
  ActiveUsers users_{clock_};
  ActiveUsers other_{clock_};
};

TEST_F(ActiveUsersTest, CountsAUserOnceWhoSyncsOftenAndThroughSeveralProcesses) {
  users_.Note(User(1));
  users_.Note(User(1));
  users_.Note(User(2));
  other_.Note(User(2));
  other_.Note(User(3));
  Report(users_);
  Report(other_);
  Report(users_);
  EXPECT_EQ(users_.Today(), 3);
  EXPECT_EQ(other_.Today(), 3);
}

TEST_F(ActiveUsersTest, TellsAUserToTheCounterOnce) {
  users_.Note(User(1));
  Report(users_);
  users_.Note(User(1));
  Report(users_);
  EXPECT_EQ(counter_.told, 1u);
}

TEST_F(ActiveUsersTest, KnowsNothingOfTodayBeforeAReportIsAnswered) {
  users_.Note(User(1));
  counter_.away = true;
  Report(users_);
  EXPECT_EQ(users_.Today(), std::nullopt);
}

TEST_F(ActiveUsersTest, TellsAgainWhomTheCounterDidNotTake) {
  users_.Note(User(1));
  counter_.away = true;
  Report(users_);
  counter_.away = false;
  Report(users_);
  EXPECT_EQ(users_.Today(), 1);
}

TEST_F(ActiveUsersTest, BeginsAtMidnightWithNobody) {
  users_.Note(User(1));
  users_.Note(User(2));
  Report(users_);
  clock_.AdvanceMillis(2'000);
  EXPECT_EQ(users_.Today(), std::nullopt);
  users_.Note(User(1));
  Report(users_);
  EXPECT_EQ(users_.Today(), 1);
}

TEST_F(ActiveUsersTest, StaysBoundedAndStillCountsRight) {
  const int many = static_cast<int>(ActiveUsers::kKnownMax) + 10;
  for (int i = 0; i < many; ++i) {
    users_.Note(User(i));
    if (i == many / 2) Report(users_);
  }
  Report(users_);
  users_.Note(User(0));
  Report(users_);
  EXPECT_EQ(users_.Today(), many);
}

}  // namespace
}  // namespace tidemark::sync
