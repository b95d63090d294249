#include "common/log/log.h"

#include <atomic>
#include <cstdio>
#include <string>

#include "absl/time/clock.h"
#include "common/log/line.h"

namespace tidemark::log {
namespace {

// Set by Start, before any other thread runs.
std::string& Process() {
  static auto* const process = new std::string("tidemark");
  return *process;
}

std::atomic<Level> lowest_level{Level::kInfo};

}  // namespace

void Start(std::string_view process, std::string_view level) {
  Process() = process;
  for (const Level known : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    if (level == LevelName(known)) lowest_level = known;
  }
}

void Write(Level level, std::string_view event, Fields fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  const std::string line = FormatLine(absl::Now(), level, Process(), event, fields);
  // One call per line: stdio locks the stream, so lines of different threads never mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace tidemark::log
