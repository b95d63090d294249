// Where log lines wait to be written together: a write costs more than all else about a line.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"

namespace tidemark::log {

// Thread-safe. Lines keep their order, and never mix.
class Writer {
 public:
  // Writes to `stream`, which outlives it.
  explicit Writer(std::FILE* stream);
  // Writes what is there. No other thread is to use it by then.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // To be written within kWait, or when Flush is called.
  void Add(std::string_view line);
  // Returns when all that was added is written.
  void Flush();

 private:
  // What a process that is killed has not told yet.
  static constexpr absl::Duration kWait = absl::Milliseconds(20);
  // Lines come faster than that only when something is wrong: whoever adds the next one writes.
  static constexpr std::size_t kBytesMax = 256 * 1024;

  void WriteWhatComes();

  std::FILE* const stream_;
  // Held while writing, so that lines of two batches keep their order. Taken before mutex_.
  Mutex writing_;
  Mutex mutex_ ABSL_ACQUIRED_AFTER(writing_);
  CondVar changed_;
  std::string lines_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidemark::log
