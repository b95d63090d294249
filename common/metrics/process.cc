#include "common/metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

namespace tidemark::metrics {
namespace {

// Numbers of /proc/self/stat (proc(5)), counted from the third: the second, the program's name, may hold
// anything.
constexpr size_t kFirstNumber = 3;
constexpr size_t kStartTicks = 22;
constexpr size_t kVirtualBytes = 23;
constexpr size_t kResidentPages = 24;

double TicksPerSecond() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

std::optional<double> Stat(size_t number) {
  std::ifstream file("/proc/self/stat");
  std::string text(std::istreambuf_iterator<char>(file), {});
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(text.substr(name_end + 1));
  const std::vector<std::string> values(std::istream_iterator<std::string>(rest), {});
  if (values.size() <= number - kFirstNumber) return std::nullopt;
  return std::stod(values[number - kFirstNumber]);
}

std::optional<double> CpuSeconds() {
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) != 0) return std::nullopt;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::optional<double> ResidentBytes() {
  std::optional<double> pages = Stat(kResidentPages);
  if (pages) *pages *= static_cast<double>(sysconf(_SC_PAGESIZE));
  return pages;
}

// Since the epoch. The kernel tells it in ticks since it started itself.
std::optional<double> StartSeconds() {
  std::ifstream file("/proc/stat");
  const std::optional<double> ticks = Stat(kStartTicks);
  for (std::string name; ticks && file >> name;) {
    double value = 0;
    if (name == "btime" && file >> value) return value + *ticks / TicksPerSecond();
    std::getline(file, name);
  }
  return std::nullopt;
}

std::optional<double> OpenFiles() {
  std::error_code error;
  int count = 0;
  for (std::filesystem::directory_iterator file("/proc/self/fd", error), end; !error && file != end;
       file.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  // Without the one that is reading this.
  return count - 1;
}

std::optional<double> OpenFilesMax() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void ShowProcess(Readings& readings, const std::string& version) {
  readings.Gauge("tidemark_build_info", "1; which version runs.", {{"version", version}}, [] { return 1.0; });
  readings.Counter("process_cpu_seconds_total", "Processor time used, in seconds.", {}, CpuSeconds);
  readings.Gauge("process_resident_memory_bytes", "Resident memory, in bytes.", {}, ResidentBytes);
  readings.Gauge("process_virtual_memory_bytes", "Virtual memory, in bytes.", {},
                 [] { return Stat(kVirtualBytes); });
  readings.Gauge("process_open_fds", "Open file descriptors.", {}, OpenFiles);
  readings.Gauge("process_max_fds", "How many file descriptors may be open.", {}, OpenFilesMax);
  readings.Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", {},
                 [started = StartSeconds()] { return started; });
}

}  // namespace tidemark::metrics
