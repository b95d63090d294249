// A value that is read all the time and replaced now and then, such as what a file of settings holds.
//
//   Versioned<Limits> limits(loaded);
//   const Limits& now = limits.Get();      // no lock; good until `limits` is destroyed
//   limits.Replace(loaded_anew);
//
// Each version is kept until the end, so that whoever reads one may go on reading it, across co_await too. So
// it is for values that a person replaces.
#pragma once

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"

namespace tidemark {

// Thread-safe.
template <typename T>
class Versioned {
 public:
  explicit Versioned(T first) { Replace(std::move(first)); }

  const T& Get() const { return *newest_.load(std::memory_order_acquire); }

  void Replace(T next) {
    MutexLock lock(&mutex_);
    versions_.push_back(std::make_unique<const T>(std::move(next)));
    newest_.store(versions_.back().get(), std::memory_order_release);
  }

 private:
  std::atomic<const T*> newest_ = nullptr;
  Mutex mutex_;
  std::vector<std::unique_ptr<const T>> versions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark
