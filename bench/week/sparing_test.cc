// Does normal use ever meet a 429? People with several devices, the real schedule, and the service's own
// arithmetic with the documented limits.
#include <gtest/gtest.h>

#include "bench/week/person.h"
#include "services/ratelimit/client/policies.h"

namespace tidemark::week {
namespace {

constexpr int kDays = 14;
constexpr int kPeople = 60;

ratelimit::PolicySet FinalPolicies() {
  absl::StatusOr<ratelimit::Limits> limits =
      ratelimit::LoadLimits(TIDEMARK_SOURCE_DIR "/deploy/config/limits-final.textproto");
  EXPECT_TRUE(limits.ok()) << limits.status();
  return limits->policies;
}

struct Use {
  std::string name;
  client::UseProfile profile;
  int devices = 1;
  bool has_streams = true;
};

Tally LiveMany(const Use& use, const client::ScheduleSettings& settings) {
  const ratelimit::PolicySet policies = FinalPolicies();
  Tally all;
  for (uint64_t person = 1; person <= kPeople; ++person) {
    all.Add(Live({.profile = use.profile,
                  .devices = use.devices,
                  .has_streams = use.has_streams,
                  .days = kDays,
                  .seed = person},
                 settings, policies));
  }
  return all;
}

class NormalUseTest : public testing::TestWithParam<Use> {};

TEST_P(NormalUseTest, MeetsNo429) {
  const Tally all = LiveMany(GetParam(), client::DefaultScheduleSettings());
  EXPECT_GT(all.edits, 0);
  EXPECT_EQ(all.pushes_refused, 0);
  EXPECT_EQ(all.reads_refused, 0);
}

constexpr client::UseProfile kBusy = {.starts_per_day = 6,
                                      .minutes_in_front_per_start = 30,
                                      .edit_days_per_week = 7,
                                      .edits_per_edit_day = 10,
                                      .device_on_from_hour = 7,
                                      .device_on_hours = 16};
constexpr client::UseProfile kAllDay = {.starts_per_day = 1,
                                        .minutes_in_front_per_start = 480,
                                        .edit_days_per_week = 7,
                                        .edits_per_edit_day = 200,
                                        .device_on_from_hour = 7,
                                        .device_on_hours = 16};

INSTANTIATE_TEST_SUITE_P(Of, NormalUseTest,
                         testing::Values(Use{"AnActivePerson", client::DefaultScheduleSettings().use.active},
                                         Use{"AnActivePersonWithoutStreams",
                                             client::DefaultScheduleSettings().use.active, 1, false},
                                         Use{"AnActivePersonWithThreeDevices",
                                             client::DefaultScheduleSettings().use.active, 3},
                                         Use{"ABusyPersonWithTwoDevices", kBusy, 2},
                                         Use{"APersonWhoEditsFromMorningToEvening", kAllDay}),
                         [](const auto& row) { return row.param.name; });

// Reads of one device may then meet a 429 because of what another one pushed, and wait as they are told.
TEST(Sparing, EditingAllDayOnThreeDevicesIsNeverRefused) {
  EXPECT_EQ(LiveMany({"", kAllDay, 3}, client::DefaultScheduleSettings()).pushes_refused, 0);
}

TEST(Sparing, SendsEachEditWithinTwentyMinutes) {
  EXPECT_LE(LiveMany({"", kAllDay}, client::DefaultScheduleSettings()).unsent_longest, absl::Minutes(20));
}

TEST(Sparing, IsWhatKeepsABusyPersonFromThe429) {
  client::ScheduleSettings careless = client::DefaultScheduleSettings();
  careless.sparing.low = 0;
  const Tally all = LiveMany({"", kAllDay}, careless);
  EXPECT_GT(all.pushes_refused + all.reads_refused, 0);
}

}  // namespace
}  // namespace tidemark::week
