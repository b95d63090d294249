#include "common/log/log.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>

#include "absl/time/clock.h"
#include "common/log/line.h"
#include "common/log/writer.h"

namespace tidemark::log {
namespace {

// Set by Start, before any other thread runs.
std::string& Process() {
  static auto* const process = new std::string("tidemark");
  return *process;
}

std::atomic<Level> lowest_level{Level::kInfo};

// Null until Start. Never destroyed: threads may log until the process has ended.
std::atomic<Writer*> writer{nullptr};

std::terminate_handler terminate_before = nullptr;

// The last lines say what led to it.
void FlushAndTerminate() {
  if (Writer* const started = writer) started->Flush();
  terminate_before();
}

void WriteNow(std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }

}  // namespace

void Start(std::string_view process, std::string_view level) {
  Process() = process;
  for (const Level known : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    if (level == LevelName(known)) lowest_level = known;
  }
  static std::once_flag once;
  std::call_once(once, [] {
    writer = new Writer(stderr);
    // What is logged later goes straight out.
    std::atexit([] { writer.exchange(nullptr)->Flush(); });
    terminate_before = std::set_terminate(FlushAndTerminate);
  });
}

void Write(Level level, std::string_view event, Fields fields, const Origin& origin) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  const std::string line = FormatLine(absl::Now(), level, Process(), event, fields, origin);
  Writer* const started = writer;
  if (started == nullptr) return WriteNow(line);
  started->Add(line);
  // The process may be about to end because of what it says.
  if (level >= Level::kWarning) started->Flush();
}

}  // namespace tidemark::log
