// What a long sync shows on a terminal: a bar of what is sent, a count of what comes.
#pragma once

#include <thread>

#include "client/cli/context.h"
#include "common/mutex/mutex.h"

namespace tidemark::cli {

// From here to the end of the block; nothing at all where stderr is no terminal, or with --json. What is done
// within half a second shows nothing, unless many edits wait: they are shown at once.
class Progress {
 public:
  explicit Progress(Context& context);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void Show();
  void Draw();
  std::size_t CountTasks();

  client::SyncManager& manager_;
  int64_t pending_at_first_ = 0;
  std::size_t tasks_at_first_ = 0;
  bool has_drawn_ = false;
  Mutex mutex_;
  CondVar changed_;
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread shower_;
};

// "[#####     ]", `width` columns within the brackets.
std::string Bar(int64_t done, int64_t of, int width);

}  // namespace tidemark::cli
