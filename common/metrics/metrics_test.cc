#include "common/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::metrics {
namespace {

using testing::HasSubstr;

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

}  // namespace
}  // namespace tidemark::metrics
