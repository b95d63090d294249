#include <gtest/gtest.h>

#include "bench/fleet_day/settings.h"
#include "bench/users/failed.h"

namespace tidemark::fleet {
namespace {

constexpr char kFile[] = TIDEMARK_SOURCE_DIR "/bench/fleet.json";

TEST(FleetSettings, TheFileSaysWhoLivesAndHow) {
  const Settings settings = ReadSettings(kFile);
  EXPECT_EQ(settings.users, 30'000);
  EXPECT_EQ(settings.people.active_share, 0.6);
  const Scenario& final = settings.scenarios.at("final");
  EXPECT_EQ(final.protocol, Speaks::kFinal);
  EXPECT_EQ(final.head_ttl, absl::Hours(24));
  EXPECT_EQ(settings.scenarios.at("final_300s").head_ttl, absl::Seconds(300));
  EXPECT_FALSE(settings.scenarios.at("etag").head_cache);
  EXPECT_EQ(settings.scenarios.at("v1").schedule, Speaks::kV1);
}

TEST(FleetSettings, AnyValueCanBeSetFromOutside) {
  const Settings settings = ReadSettings(kFile, {{"/users", "12"},
                                                 {"/scenarios/final/cache_lifetime_seconds", "60"},
                                                 {"/scenarios/final/limits", "x"}});
  EXPECT_EQ(settings.users, 12);
  EXPECT_EQ(settings.scenarios.at("final").head_ttl, absl::Minutes(1));
  EXPECT_EQ(settings.scenarios.at("final").limits_file, "x");
}

TEST(FleetSettings, WhatAScenarioChangesIsNoPartOfWhoThePeopleAre) {
  const Settings as_it_is = ReadSettings(kFile);
  const Settings changed = ReadSettings(kFile, {{"/scenarios/final/cache_lifetime_seconds", "60"}});
  EXPECT_EQ(as_it_is.people_text, changed.people_text);
  EXPECT_NE(as_it_is.text, changed.text);
  EXPECT_NE(as_it_is.people_text, ReadSettings(kFile, {{"/users", "12"}}).people_text);
}

TEST(FleetSettings, AMistakeInTheFileIsTold) {
  const struct {
    const char* pointer;
    const char* value;
  } kRows[] = {{"/people/starts_by_hour", "[1, 2]"},
               {"/people/likes_tea", "true"},
               {"/scenarios/final/protocol", "v2"},
               {"/scenarios/final/devices", "many"},
               {"/scenarios/final/colour", "red"},
               {"/first_day", "soon"},
               {"/users", "\"many\""}};
  for (const auto& row : kRows) {
    EXPECT_THROW(ReadSettings(kFile, {{row.pointer, row.value}}), bench::Failed) << row.pointer;
  }
  EXPECT_THROW(ParseSettings("no json"), bench::Failed);
  EXPECT_THROW(ReadSettings("/there/is/no/such/file"), bench::Failed);
}

}  // namespace
}  // namespace tidemark::fleet
