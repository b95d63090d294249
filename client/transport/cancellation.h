// Ends the calls of another thread.
//
//   Cancellation cancellation;
//   …transport.Sync({.cancellation = &cancellation}, ask)…      // one thread waits
//   cancellation.Cancel();                                      // another lets it go
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

// Thread-safe. For good: a new one is made for what comes after.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  // Ends what is under way with `cancellation`, and whatever begins with it later.
  void Cancel();
  bool cancelled() const { return cancelled_; }

  // While it lives, Cancel() calls `end`, which neither blocks nor makes or destroys one of these; at once,
  // if Cancel() was called before.
  class OnCancel {
   public:
    // Null: nothing is ever called.
    OnCancel(Cancellation* cancellation, std::function<void()> end);
    // `end` is not running any more.
    ~OnCancel();
    OnCancel(const OnCancel&) = delete;
    OnCancel& operator=(const OnCancel&) = delete;

   private:
    Cancellation* const cancellation_;
    int64_t id_ = 0;
  };

 private:
  std::atomic<bool> cancelled_ = false;
  Mutex mutex_;
  int64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int64_t, std::function<void()>> ends_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::client
