#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "bench/week/report.h"
#include "services/ratelimit/client/policies.h"

namespace tidemark::week {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(WeekReport, IsTheOneThatTheDocsShow) {
  const absl::StatusOr<ratelimit::Limits> limits =
      ratelimit::LoadLimits(TIDEMARK_SOURCE_DIR "/deploy/config/limits-final.textproto");
  ASSERT_TRUE(limits.ok()) << limits.status();
  const std::string report = Report({}, client::DefaultScheduleSettings(), limits->policies);
  EXPECT_THAT(ReadFile(TIDEMARK_SOURCE_DIR "/docs/clients.md"), testing::HasSubstr(report)) << report;
}

}  // namespace
}  // namespace tidemark::week
