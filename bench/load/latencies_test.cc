#include "bench/load/latencies.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tidemark::bench {
namespace {

using std::chrono::nanoseconds;

TEST(Latencies, AQuantileIsTrueToHalfAPercentWhateverItsSize) {
  for (double value = 1; value < 1e15; value *= 1.37) {
    Latencies latencies;
    const nanoseconds latency(std::llround(value));
    latencies.Add(latency);
    latencies.Add(latency * 2);
    const double found = static_cast<double>(latencies.Quantile(0.5).count());
    EXPECT_NEAR(found, static_cast<double>(latency.count()), 0.004 * value + 0.5);
  }
}

TEST(Latencies, AQuantileIsWhatThatShareTookNoLongerThan) {
  Latencies latencies;
  for (int i = 1; i <= 100; ++i) latencies.Add(nanoseconds(i));
  EXPECT_EQ(latencies.Quantile(0), nanoseconds(1));
  EXPECT_EQ(latencies.Quantile(0.5), nanoseconds(50));
  EXPECT_EQ(latencies.Quantile(0.99), nanoseconds(99));
  EXPECT_EQ(latencies.Quantile(1), nanoseconds(100));
}

TEST(Latencies, TheLargestIsExactAndNoQuantileIsBeyondIt) {
  Latencies latencies;
  latencies.Add(nanoseconds(1'000'001));
  EXPECT_EQ(latencies.max(), nanoseconds(1'000'001));
  EXPECT_LE(latencies.Quantile(1), latencies.max());
}

TEST(Latencies, ThoseOfTwoThreadsAreAsIfOfOne) {
  Latencies first, second;
  for (int i = 1; i <= 50; ++i) first.Add(nanoseconds(i));
  for (int i = 51; i <= 100; ++i) second.Add(nanoseconds(i));
  first.Add(second);
  EXPECT_EQ(first.count(), 100);
  EXPECT_EQ(first.Quantile(0.9), nanoseconds(90));
  EXPECT_EQ(first.max(), nanoseconds(100));
}

TEST(Latencies, NoneAreZero) {
  EXPECT_EQ(Latencies().Quantile(0.99), nanoseconds(0));
  EXPECT_EQ(Latencies().count(), 0);
}

}  // namespace
}  // namespace tidemark::bench
