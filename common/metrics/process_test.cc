#include "common/metrics/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace tidemark::metrics {
namespace {

// Its values without labels, by name.
std::map<std::string, double> ValuesOf(const Registry& registry) {
  std::map<std::string, double> values;
  std::istringstream lines(registry.Text());
  for (std::string name; lines >> name;) {
    double value = 0;
    if (name != "#" && lines >> value) values[name] = value;
    std::getline(lines, name);
  }
  return values;
}

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() { ShowProcess(readings_, "1.2.3"); }
  Registry registry_;
  Readings readings_{registry_};
};

TEST_F(ProcessTest, TellsWhichVersionRuns) {
  EXPECT_THAT(registry_.Text(), testing::HasSubstr("tidemark_build_info{version=\"1.2.3\"} 1\n"));
}

TEST_F(ProcessTest, CountsTheFilesThatAreOpen) {
  const double before = ValuesOf(registry_).at("process_open_fds");
  const std::vector<std::ifstream> files = [] {
    std::vector<std::ifstream> opened;
    for (int i = 0; i < 3; ++i) opened.emplace_back("/proc/self/stat");
    return opened;
  }();
  EXPECT_EQ(ValuesOf(registry_).at("process_open_fds"), before + 3);
  EXPECT_GT(ValuesOf(registry_).at("process_max_fds"), before + 3);
}

TEST_F(ProcessTest, SeesMemoryThatIsTouchedAndProcessorTimeThatIsUsed) {
  const std::map<std::string, double> before = ValuesOf(registry_);
  constexpr size_t kBytes = 64 * 1024 * 1024;
  const std::string touched(kBytes, 'x');
  const std::map<std::string, double> after = ValuesOf(registry_);
  EXPECT_GT(after.at("process_resident_memory_bytes"),
            before.at("process_resident_memory_bytes") + static_cast<double>(touched.size()) / 2);
  EXPECT_GE(after.at("process_virtual_memory_bytes"), after.at("process_resident_memory_bytes"));
  EXPECT_GT(after.at("process_cpu_seconds_total"), before.at("process_cpu_seconds_total"));
}

TEST_F(ProcessTest, StartedBeforeNowAndAfterThisWasWritten) {
  const double started = ValuesOf(registry_).at("process_start_time_seconds");
  EXPECT_GT(started, 1'700'000'000);
  EXPECT_LE(started, static_cast<double>(time(nullptr)) + 2)
      << "the kernel's clock and ours may differ a bit";
}

}  // namespace
}  // namespace tidemark::metrics
