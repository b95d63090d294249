#include "client/cli/progress.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace tidemark::cli {
namespace {

constexpr absl::Duration kFirst = absl::Milliseconds(500);
constexpr absl::Duration kEvery = absl::Milliseconds(500);
constexpr int kWidth = 30;
// More than one request carries (SPEC 3.3).
constexpr int64_t kMany = 1'000;

}  // namespace

std::string Bar(int64_t done, int64_t of, int width) {
  const int64_t full = of <= 0 ? width : std::clamp<int64_t>(done * width / of, 0, width);
  return absl::StrCat("[", std::string(full, '#'), std::string(width - full, ' '), "]");
}

Progress::Progress(Context& context) : manager_(context.manager) {
  if (!context.console.err_is_terminal() || context.console.json()) return;
  if (const auto status = manager_.Status(); status.ok()) pending_at_first_ = status->pending;
  tasks_at_first_ = CountTasks();
  if (pending_at_first_ > kMany) Draw();
  shower_ = std::thread([this] { Show(); });
}

Progress::~Progress() {
  if (!shower_.joinable()) return;
  {
    MutexLock lock(&mutex_);
    is_over_ = true;
    changed_.NotifyAll();
  }
  shower_.join();
  if (has_drawn_) std::fprintf(stderr, "\r\x1b[K");
}

void Progress::Show() {
  for (absl::Duration pause = kFirst;; pause = kEvery) {
    const CondVar::Deadline deadline = CondVar::In(pause);
    {
      MutexLock lock(&mutex_);
      while (!is_over_ && changed_.WaitUntil(mutex_, deadline)) {
      }
      if (is_over_) return;
    }
    Draw();
  }
}

std::size_t Progress::CountTasks() {
  const auto tasks = manager_.List();
  return tasks.ok() ? tasks->size() : 0;
}

void Progress::Draw() {
  const auto status = manager_.Status();
  if (!status.ok()) return;
  const int64_t sent = std::max<int64_t>(pending_at_first_ - status->pending, 0);
  std::string line = status->pending > 0 ? absl::StrCat("Sending ", Bar(sent, pending_at_first_, kWidth), " ",
                                                        sent, " of ", pending_at_first_)
                                         : std::string("Receiving");
  const std::size_t tasks = CountTasks();
  if (tasks > tasks_at_first_) absl::StrAppend(&line, "  ", tasks, " tasks");
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  has_drawn_ = true;
}

}  // namespace tidemark::cli
