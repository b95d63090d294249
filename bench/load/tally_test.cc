#include "bench/load/tally.h"

#include <gtest/gtest.h>

namespace tidemark::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Time kBegan{seconds(100)};

Tally Of(int64_t requests, Time ended) {
  Tally tally;
  for (int64_t i = 0; i < requests; ++i) tally.latencies.Add(microseconds(100));
  tally.bytes_sent = requests * 600;
  tally.bytes_received = requests * 200;
  tally.began = kBegan;
  tally.ended = ended;
  return tally;
}

TEST(Tally, IsOneLineOfJson) {
  const RunName name{.work = "check", .transport = "http", .is_open_loop = false, .connections = 64};
  EXPECT_EQ(
      ToJson(name, Of(4, kBegan + seconds(2))),
      R"({"work":"check","transport":"http","loop":"closed","connections":64,"requests":4,"errors":0,)"
      R"("warmup_requests":0,"seconds":2.000000,"requests_per_second":2.00,)"
      R"("latency_us":{"p50":100.0,"p90":100.0,"p99":100.0,"p999":100.0,"max":100.0},)"
      R"("bytes_sent_per_request":600.00,"bytes_received_per_request":200.00,"tasks":0,"body_bytes":0})");
}

TEST(Tally, OfNothingIsJsonToo) {
  EXPECT_NE(ToJson({}, Tally{}).find(R"("requests":0,"errors":0)"), std::string::npos);
}

TEST(Tally, ThreadsThatRanSideBySideAddUp) {
  Tally tally = Of(3, kBegan + seconds(1));
  Tally other = Of(5, kBegan + seconds(2));
  other.errors = 2;
  tally.Add(other);
  EXPECT_EQ(tally.latencies.count(), 8);
  EXPECT_EQ(tally.errors, 2);
  EXPECT_EQ(tally.bytes_sent, 8 * 600);
  EXPECT_EQ(tally.ended - tally.began, seconds(2));
}

}  // namespace
}  // namespace tidemark::bench
