#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/scenarios/settings_by_name.h"

namespace tidemark::scenarios {
namespace {

TEST(ScheduleSettings, AreTheNumbersOfTheFileEveryOneOfThem) {
  std::ifstream file(TIDEMARK_SCHEDULE_JSON);
  std::stringstream text;
  text << file.rdbuf();
  const boost::json::value parsed = boost::json::parse(text.str());
  EXPECT_EQ(ByName(client::DefaultScheduleSettings()), ByName(parsed.as_object()));
}

}  // namespace
}  // namespace tidemark::scenarios
