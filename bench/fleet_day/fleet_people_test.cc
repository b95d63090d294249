#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "bench/fleet_day/people.h"

namespace tidemark::fleet {
namespace {

constexpr int64_t kHourMillis = 3'600'000;

Settings Few(int64_t users = 400) {
  return ReadSettings(TIDEMARK_SOURCE_DIR "/bench/fleet.json", {{"/users", std::to_string(users)}});
}

// When the person does what, on whichever device.
std::vector<std::pair<int64_t, week::Doing>> ActsOf(const Crowd& crowd, const Person& person,
                                                    UnixMillis day) {
  std::vector<std::pair<int64_t, week::Doing>> acts;
  for (const week::Deed& deed : crowd.DeedsOf(person, day)) {
    const bool is_persons = deed.what != week::Doing::kSwitchesOn && deed.what != week::Doing::kSwitchesOff;
    if (is_persons) acts.emplace_back(deed.at.value, deed.what);
  }
  return acts;
}

TEST(FleetPeople, AreTheSameWithTheSameSeed) {
  const Settings settings = Few();
  const Crowd crowd(settings, {1}), again(settings, {1});
  for (std::size_t i = 0; i < crowd.people().size(); ++i) {
    EXPECT_EQ(crowd.people()[i].user, again.people()[i].user);
    EXPECT_EQ(crowd.people()[i].edited_at, again.people()[i].edited_at);
  }
}

TEST(FleetPeople, DoTheSameHoweverManyDevicesTheyHave) {
  const Settings settings = Few();
  const Crowd one(settings, {1}), several(settings, {0, 0.5, 0.5});
  for (std::size_t i = 0; i < one.people().size(); ++i) {
    EXPECT_EQ(one.people()[i].devices, 1);
    EXPECT_GT(several.people()[i].devices, 1);
    EXPECT_EQ(ActsOf(one, one.people()[i], settings.first_midnight),
              ActsOf(several, several.people()[i], settings.first_midnight));
  }
}

TEST(FleetPeople, AreActiveInTheShareThatTheSettingsSayAndHaveEditedLately) {
  const Settings settings = Few(4'000);
  const Crowd crowd(settings, {1});
  constexpr int64_t kWeekMillis = 7 * 24 * kHourMillis;
  int64_t active = 0;
  for (const Person& person : crowd.people()) {
    active += person.active ? 1 : 0;
    const int64_t ago = settings.first_midnight.value - person.edited_at.value;
    // To the end of the first day, too.
    EXPECT_EQ(person.active, ago + 24 * kHourMillis < kWeekMillis) << ago;
  }
  EXPECT_NEAR(static_cast<double>(active) / 4'000, settings.people.active_share, 0.03);
}

TEST(FleetPeople, StartTheAppWhenTheSettingsSay) {
  Settings settings = Few(2'000);
  settings.people.starts_by_hour = {};
  settings.people.starts_by_hour[9] = 1;
  settings.people.starts_by_hour[18] = 3;
  const Crowd crowd(settings, {1});
  std::map<int64_t, int64_t> starts;
  for (const Person& person : crowd.people()) {
    for (const auto& [at, what] : ActsOf(crowd, person, settings.first_midnight)) {
      if (what == week::Doing::kStarts) ++starts[(at - settings.first_midnight.value) / kHourMillis];
    }
  }
  EXPECT_NEAR(static_cast<double>(starts[18]) / static_cast<double>(starts[9]), 3, 0.5);
  EXPECT_EQ(starts[12], 0);
}

TEST(FleetPeople, HaveTasksOfAllSizesThatAreTheSameWheneverTheyAreLookedAt) {
  const Settings settings = Few();
  std::size_t shortest = 1'000'000, longest = 0;
  for (int64_t number = 1; number <= 500; ++number) {
    const std::string content = SeededContent(settings, 7, number);
    EXPECT_EQ(content, SeededContent(settings, 7, number));
    EXPECT_EQ(content.find_first_of("\t\n\\"), std::string::npos) << "COPY would have it escaped";
    shortest = std::min(shortest, content.size());
    longest = std::max(longest, content.size());
  }
  EXPECT_LT(shortest, 25u);
  EXPECT_GT(longest, 200u);
}

}  // namespace
}  // namespace tidemark::fleet
