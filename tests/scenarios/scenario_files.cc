#include "tests/scenarios/scenario_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

namespace tidemark::scenarios {
namespace {

class ScenarioTest : public testing::Test {
 public:
  ScenarioTest(boost::json::object scenario, Play play)
      : scenario_(std::move(scenario)), play_(std::move(play)) {}
  void TestBody() override {
    try {
      EXPECT_EQ(play_(scenario_), "");
    } catch (const std::exception& error) {
      FAIL() << "cannot be read: " << error.what();
    }
  }

 private:
  const boost::json::object scenario_;
  const Play play_;
};

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// "an edit is sent soon" -> "AnEditIsSentSoon".
std::string TestName(std::string_view claim) {
  std::string name;
  bool begins_word = true;
  for (const char c : claim) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      begins_word = true;
      continue;
    }
    name += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins_word = false;
  }
  return name;
}

}  // namespace

void RegisterScenarios(const std::string& folder, Play play) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(TIDEMARK_SCENARIOS_DIR) / folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& path : files) {
    const boost::json::value file = boost::json::parse(ReadFile(path));
    const std::string suite = "Scenarios" + TestName(path.stem().string());
    for (const boost::json::value& scenario : file.at("scenarios").as_array()) {
      const boost::json::object& object = scenario.as_object();
      testing::RegisterTest(suite.c_str(), TestName(object.at("name").as_string()).c_str(), nullptr, nullptr,
                            path.c_str(), 1, [object, play] { return new ScenarioTest(object, play); });
    }
  }
}

}  // namespace tidemark::scenarios
