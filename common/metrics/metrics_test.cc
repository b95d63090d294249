#include "common/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace tidemark::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Registry, ShowsACounterAsPrometheusText) {
  Registry registry;
  registry.AddCounter("reads_total", "Reads.", {{"result", "hit"}}).Increment();
  registry.AddCounter("reads_total", "Reads.", {{"result", "miss"}}).Increment(2);
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("# HELP reads_total Reads.\n# TYPE reads_total counter\n"));
  EXPECT_THAT(text, HasSubstr("reads_total{result=\"hit\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("reads_total{result=\"miss\"} 2\n"));
}

TEST(Registry, GivesTheSameMetricForTheSameNameAndLabels) {
  Registry registry;
  Counter& counter = registry.AddCounter("reads_total", "Reads.", {{"result", "hit"}});
  EXPECT_EQ(&counter, &registry.AddCounter("reads_total", "Reads.", {{"result", "hit"}}));
  EXPECT_NE(&counter, &registry.AddCounter("reads_total", "Reads.", {{"result", "miss"}}));
}

TEST(Registry, ShowsGaugesAndHistograms) {
  Registry registry;
  Gauge& gauge = registry.AddGauge("connections", "Open connections.");
  gauge.Set(5);
  gauge.Add(-2);
  registry.AddHistogram("seconds", "Durations.", {}, {0.1, 1}).Observe(0.5);
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("connections 3\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"0.1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{le=\"+Inf\"} 1\n"));
}

TEST(Readings, AreReadAnewAtEachScrape) {
  Registry registry;
  Readings readings(registry);
  double waiting = 1;
  readings.Gauge("waiting", "Who waits.", {{"rank", "read"}}, [&waiting] { return waiting; });
  readings.Gauge("waiting", "Who waits.", {{"rank", "write"}}, [] { return 7.0; });
  readings.Counter("seen_total", "Seen.", {}, [] { return 3.0; });
  EXPECT_THAT(registry.Text(), HasSubstr("# HELP waiting Who waits.\n# TYPE waiting gauge\n"
                                         "waiting{rank=\"read\"} 1\nwaiting{rank=\"write\"} 7\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("# TYPE seen_total counter\nseen_total 3\n"));
  waiting = 2;
  EXPECT_THAT(registry.Text(), HasSubstr("waiting{rank=\"read\"} 2\n"));
}

TEST(Readings, ThatHaveNoValueNowAreNotShown) {
  Registry registry;
  Readings readings(registry);
  readings.Gauge("limit", "Of the day.", {}, [] { return std::nullopt; });
  EXPECT_THAT(registry.Text(), Not(HasSubstr("limit")));
}

TEST(Readings, EndWithTheirOwnerAndLeaveThoseOfOthers) {
  Registry registry;
  Readings stays(registry);
  stays.Gauge("ready", "Ready.", {{"part", "a"}}, [] { return 1.0; });
  {
    Readings goes(registry);
    goes.Gauge("ready", "Ready.", {{"part", "b"}}, [] { return 1.0; });
    EXPECT_THAT(registry.Text(), HasSubstr("part=\"b\""));
  }
  EXPECT_THAT(registry.Text(), HasSubstr("part=\"a\""));
  EXPECT_THAT(registry.Text(), Not(HasSubstr("part=\"b\"")));
}

TEST(Readings, OfTheSameNameAndLabelsAreShownAsTheirSum) {
  Registry registry;
  Readings one(registry);
  Readings another(registry);
  one.Gauge("streams", "Open.", {}, [] { return 2.0; });
  another.Gauge("streams", "Open.", {}, [] { return 3.0; });
  EXPECT_EQ(registry.Text(), "# HELP streams Open.\n# TYPE streams gauge\nstreams 5\n");
}

TEST(Readings, OfOneNameHaveOneKindAndOneHelpText) {
  Registry registry;
  Readings readings(registry);
  readings.Gauge("ready", "Ready.", {}, [] { return 1.0; });
  EXPECT_THROW(readings.Counter("ready", "Ready.", {}, [] { return 1.0; }), std::invalid_argument);
  EXPECT_THROW(readings.Gauge("ready", "Set.", {{"part", "a"}}, [] { return 1.0; }), std::invalid_argument);
}

}  // namespace
}  // namespace tidemark::metrics
