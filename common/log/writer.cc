#include "common/log/writer.h"

#include <utility>

namespace tidemark::log {

Writer::Writer(std::FILE* stream) : stream_(stream), thread_([this] { WriteWhatComes(); }) {}

Writer::~Writer() {
  {
    MutexLock lock(&mutex_);
    closing_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
  Flush();
}

void Writer::Add(std::string_view line) {
  bool was_empty = false;
  bool full = false;
  {
    MutexLock lock(&mutex_);
    was_empty = lines_.empty();
    lines_ += line;
    full = lines_.size() > kBytesMax;
  }
  if (was_empty) changed_.NotifyOne();
  if (full) Flush();
}

void Writer::Flush() {
  MutexLock order(&writing_);
  std::string lines;
  {
    MutexLock lock(&mutex_);
    lines.swap(lines_);
  }
  std::fwrite(lines.data(), 1, lines.size(), stream_);
  std::fflush(stream_);
}

void Writer::WriteWhatComes() {
  for (;;) {
    {
      MutexLock lock(&mutex_);
      while (lines_.empty() && !closing_) changed_.Wait(mutex_);
      if (closing_) return;
      const CondVar::Deadline deadline = CondVar::In(kWait);
      while (!closing_ && changed_.WaitUntil(mutex_, deadline)) {
      }
    }
    Flush();
  }
}

}  // namespace tidemark::log
