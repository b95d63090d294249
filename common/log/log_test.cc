#include "common/log/log.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>
#include <string>
#include <vector>

#include "common/log/line.h"

namespace tidemark::log {
namespace {

namespace json = boost::json;

// Fails the test if `line` is not one line that holds one strictly valid JSON object.
json::object Parse(const std::string& line) {
  EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  json::error_code error;
  json::value value = json::parse(line, error);
  EXPECT_FALSE(error.failed()) << error.message() << ": " << line;
  return value.is_object() ? value.as_object() : json::object();
}

json::object ParseWith(Fields fields) {
  return Parse(FormatLine(absl::UnixEpoch(), Level::kInfo, "tidemark-test", "tested", fields));
}

TEST(LogLine, NamesTimeLevelProcessAndEvent) {
  const absl::Time time = absl::FromUnixMillis(1735689600007);
  EXPECT_EQ(FormatLine(time, Level::kWarning, "tidemark-sync", "redis_lost", {}),
            "{\"time\":\"2025-01-01T00:00:00.007Z\",\"level\":\"warning\",\"process\":\"tidemark-sync\","
            "\"event\":\"redis_lost\"}\n");
}

TEST(LogLine, NamesOnWhoseBehalfItIs) {
  const Origin origin{.request_id = "r1",
                      .span = {.trace = {0x0af7651916cd43dd, 0x8448eb211c80319c},
                               .id = {0x00f067aa0ba902b7},
                               .parent = {0xb7ad6b7169203331}}};
  EXPECT_EQ(FormatLine(absl::UnixEpoch(), Level::kInfo, "tidemark-sync", "call", {{"code", "OK"}}, origin),
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"process\":\"tidemark-sync\","
            "\"event\":\"call\",\"request_id\":\"r1\",\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\","
            "\"span_id\":\"00f067aa0ba902b7\",\"parent_span_id\":\"b7ad6b7169203331\",\"code\":\"OK\"}\n");
}

TEST(LogLine, OfTheFirstSpanOfATraceNamesNoParent) {
  const json::object line =
      Parse(FormatLine(absl::UnixEpoch(), Level::kInfo, "tidemark-test", "tested", {}, OriginOf("", "")));
  EXPECT_TRUE(line.contains("span_id"));
  EXPECT_FALSE(line.contains("parent_span_id"));
}

TEST(LogLine, KeepsTheTypeOfEachField) {
  const json::object line = ParseWith({{"text", "a"},
                                       {"number", std::numeric_limits<int64_t>::min()},
                                       {"ratio", 0.25},
                                       {"yes", true},
                                       {"small", 7}});
  EXPECT_EQ(line.at("text").as_string(), "a");
  EXPECT_EQ(line.at("number").as_int64(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(line.at("ratio").as_double(), 0.25);
  EXPECT_TRUE(line.at("yes").as_bool());
  EXPECT_EQ(line.at("small").as_int64(), 7);
}

TEST(LogLine, CarriesControlCharactersQuotesAndBackslashes) {
  std::string hostile = "\"\\\b\f\n\r\t";
  for (char c = 0; c < 0x20; ++c) hostile += c;
  hostile += '\x7F';
  EXPECT_EQ(ParseWith({{"text", hostile}}).at("text").as_string(), hostile);
}

TEST(LogLine, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(ParseWith({{"text", "a\xFF\xC3z"}}).at("text").as_string(), "a\uFFFD\uFFFDz");
}

TEST(LogLine, IsJsonForEveryPairOfBytes) {
  for (int first = 0; first < 256; ++first) {
    std::string pairs;
    for (int second = 0; second < 256; ++second) {
      pairs += static_cast<char>(first);
      pairs += static_cast<char>(second);
    }
    ParseWith({{"text", pairs}});
  }
}

TEST(LogLine, HasNullForNumbersThatJsonDoesNotKnow) {
  EXPECT_TRUE(ParseWith({{"ratio", std::numeric_limits<double>::quiet_NaN()}}).at("ratio").is_null());
  EXPECT_TRUE(ParseWith({{"ratio", std::numeric_limits<double>::infinity()}}).at("ratio").is_null());
}

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
  testing::internal::CaptureStderr();
  Start("tidemark-test", "warning");
  Info("unheard");
  Warning("heard");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(Parse(written).at("event").as_string(), "heard");
  EXPECT_EQ(Parse(written).at("process").as_string(), "tidemark-test");
}

}  // namespace
}  // namespace tidemark::log
