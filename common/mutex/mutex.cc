#include "common/mutex/mutex.h"

#include <algorithm>

namespace tidemark {
namespace {

// As good as for ever, and far from the end of the clock.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

}  // namespace

CondVar::Deadline CondVar::In(absl::Duration patience) {
  return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(std::min(patience, kLongest));
}

void CondVar::Wait(Mutex& mutex) {
  std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
  changed_.wait(held);
  held.release();
}

bool CondVar::WaitUntil(Mutex& mutex, Deadline deadline) {
  std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
  const std::cv_status status = changed_.wait_until(held, deadline);
  held.release();
  return status == std::cv_status::no_timeout;
}

}  // namespace tidemark
