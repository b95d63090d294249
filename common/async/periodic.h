// Does something again and again on an event loop, with a pause before each time, until it is destroyed.
//
//   Periodic purging(loops.Next(), [] { return absl::Hours(1); },
//                    [&](const std::atomic<bool>& stopping) -> Task<void> { co_await Purge(stopping); });
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"

namespace tidemark {

class Periodic {
 public:
  // How long to wait before the next time.
  using Pause = std::function<absl::Duration()>;
  // Ends early where it finds `stopping` true.
  using Body = std::function<Task<void>(const std::atomic<bool>& stopping)>;

  // `loop` outlives this.
  Periodic(EventLoop& loop, Pause pause, Body body);
  // Ends a pause, and waits for a body under way. Not on the loop's own thread.
  ~Periodic();
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

 private:
  struct Impl;
  // Shared with what the loop still has to run.
  std::shared_ptr<Impl> impl_;
};

}  // namespace tidemark
