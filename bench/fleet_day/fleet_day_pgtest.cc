// Days of a few people, by the real client against the real services.
#include <gtest/gtest.h>

#include <cstdlib>

#include "bench/fleet_day/fleet_day.h"
#include "bench/fleet_day/result_json.h"
#include "common/redis/test_server.h"

namespace tidemark::fleet {
namespace {

// Few people who edit a lot. `seed` is each test's own: it names a template on the server that they share.
Settings Small(int seed, std::vector<Override> more = {}) {
  std::vector<Override> overrides = {{"/users", "40"},
                                     {"/seed", std::to_string(seed)},
                                     {"/logins", "1"},
                                     {"/tasks/per_user", "5"},
                                     {"/people/active/edit_days_per_week", "7"},
                                     {"/people/active/edits_per_edit_day", "6"}};
  for (const char* scenario :
       {"v1", "etag", "hash_cache", "final", "final_300s", "degraded", "devices", "v1_devices"}) {
    const std::string limits = std::string("/scenarios/") + scenario + "/limits";
    overrides.push_back({limits, TIDEMARK_SOURCE_DIR "/deploy/config/limits-final.textproto"});
  }
  overrides.insert(overrides.end(), more.begin(), more.end());
  return ReadSettings(TIDEMARK_SOURCE_DIR "/bench/fleet.json", overrides);
}

class FleetDayTest : public testing::Test {
 protected:
  Result Live(const Settings& settings, const std::string& scenario, int lanes = 2) {
    FleetDay day(settings, settings.scenarios.at(scenario),
                 {.postgres_url = std::getenv("TIDEMARK_TEST_POSTGRES_URL"),
                  .redis_url = redis_.url(),
                  .lanes = lanes});
    return day.Run([](double) {});
  }
  std::string Text(const Settings& settings, const std::string& scenario, int lanes) {
    return ResultJson(settings, settings.scenarios.at(scenario), Live(settings, scenario, lanes), 0);
  }

  redis::TestServer redis_;
};

void ExpectNothingLost(const Result& result) {
  EXPECT_GT(result.judgement.edits, 0);
  EXPECT_EQ(result.judgement.stored + result.judgement.replaced, result.judgement.edits);
  EXPECT_EQ(result.judgement.lost, 0);
  EXPECT_EQ(result.judgement.rejected, 0);
  EXPECT_EQ(result.judgement.devices_out_of_step, 0);
  EXPECT_EQ(result.totals.lanes.asked.errors, 0);
}

TEST_F(FleetDayTest, TheSameSeedGivesTheSameCountsHoweverMuchIsDoneAtOnce) {
  const Settings settings = Small(11);
  EXPECT_EQ(Text(settings, "devices", 1), Text(settings, "devices", 3));
}

TEST_F(FleetDayTest, WhoMeetsTheEndOfABudgetIsTheSameEachTime) {
  const Settings settings = Small(12, {{"/scenarios/degraded/warm_up_days", "0"}});
  const Result result = Live(settings, "degraded", 3);
  EXPECT_GT(result.totals.lanes.asked.read_paused, 0);
  EXPECT_GT(result.totals.lanes.asked.quota_exhausted, 0);
  EXPECT_EQ(result.edits_waiting, 0) << "all has arrived the next day";
  ExpectNothingLost(result);
  EXPECT_EQ(ResultJson(settings, settings.scenarios.at("degraded"), result, 0),
            Text(settings, "degraded", 2));
}

TEST_F(FleetDayTest, NothingIsLostByV1NorByFinalAndAllDoTheSame) {
  const Settings settings = Small(13);
  const Result v1 = Live(settings, "v1_devices");
  const Result final = Live(settings, "devices");
  ExpectNothingLost(v1);
  ExpectNothingLost(final);
  EXPECT_EQ(final.devices, v1.devices);
  EXPECT_GT(v1.totals.lanes.syncs(), 2 * final.totals.lanes.syncs());
  EXPECT_EQ(v1.totals.all()[ratelimit::Resource::kCacheReads], 0);
  EXPECT_EQ(v1.totals.lanes.asked.checks, 0);
}

TEST_F(FleetDayTest, AHashIsCachedForItsLifetimeOnTheVirtualClock) {
  const Settings settings = Small(14, {{"/people/active/edit_days_per_week", "0"}});
  const Result day = Live(settings, "final");
  const Result minutes = Live(settings, "final_300s");
  EXPECT_EQ(minutes.totals.lanes.asked.checks, day.totals.lanes.asked.checks);
  EXPECT_GT(day.totals.lanes.head_cache_hits, 2 * minutes.totals.lanes.head_cache_hits);
}

TEST_F(FleetDayTest, WithoutACacheEachCheckReadsTheDatabase) {
  const Settings settings = Small(15);
  const Result result = Live(settings, "etag");
  EXPECT_GT(result.totals.lanes.asked.checks, 0);
  EXPECT_EQ(result.totals.lanes.asked.answered_without_database, 0);
  EXPECT_EQ(result.totals.all()[ratelimit::Resource::kCacheReads], 0);
  ExpectNothingLost(result);
}

}  // namespace
}  // namespace tidemark::fleet
