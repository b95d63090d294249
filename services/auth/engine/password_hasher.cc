#include "services/auth/engine/password_hasher.h"

#include <deque>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/async/completion.h"
#include "common/mutex/mutex.h"
#include "common/status/error.h"
#include "services/auth/domain/password_hash.h"

namespace tidemark::auth {
namespace {

absl::Status TooManyWaiting() {
  return Error(Code::kUnavailable, "Too many sign-ins at once.", {.retry_after = absl::Seconds(1)});
}

}  // namespace

// Threads that run what is queued, in order.
class Argon2idHasher::Workers {
 public:
  explicit Workers(const Argon2idHasherOptions& options) : waiting_max_(options.waiting_max) {
    for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Work(); });
  }

  ~Workers() {
    {
      MutexLock lock(&mutex_);
      closing_ = true;
    }
    news_.NotifyAll();
    for (std::thread& thread : threads_) thread.join();
  }

  // False: the queue is full, and `job` will not run.
  bool TryPost(std::function<void()> job) {
    MutexLock lock(&mutex_);
    if (jobs_.size() >= static_cast<size_t>(waiting_max_)) return false;
    jobs_.push_back(std::move(job));
    news_.NotifyOne();
    return true;
  }

  size_t waiting() {
    MutexLock lock(&mutex_);
    return jobs_.size();
  }

 private:
  void Work() {
    while (std::function<void()> job = NextJob()) job();
  }

  // Nothing once the queue is empty and closing.
  std::function<void()> NextJob() {
    MutexLock lock(&mutex_);
    while (jobs_.empty() && !closing_) news_.Wait(mutex_);
    if (jobs_.empty()) return nullptr;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  const int waiting_max_;
  Mutex mutex_;
  CondVar news_;
  std::deque<std::function<void()>> jobs_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

Argon2idHasher::Argon2idHasher(Argon2idHasherOptions options)
    : workers_(std::make_unique<Workers>(options)) {}

Argon2idHasher::~Argon2idHasher() = default;

void Argon2idHasher::Show(metrics::Readings& readings) const {
  readings.Gauge("tidemark_password_hashes_waiting", "Passwords that wait for a thread to hash them.", {},
                 [this] { return static_cast<double>(workers_->waiting()); });
}

Task<absl::StatusOr<std::string>> Argon2idHasher::Hash(std::string password) {
  using Result = absl::StatusOr<std::string>;
  co_return co_await Await<Result>([&](Completion<Result> done) {
    if (!workers_->TryPost([password, done] { done(HashPassword(password)); })) done(TooManyWaiting());
  });
}

Task<absl::StatusOr<bool>> Argon2idHasher::Matches(std::string hash, std::string password) {
  using Result = absl::StatusOr<bool>;
  co_return co_await Await<Result>([&](Completion<Result> done) {
    if (!workers_->TryPost([hash, password, done] { done(PasswordMatches(hash, password)); })) {
      done(TooManyWaiting());
    }
  });
}

}  // namespace tidemark::auth
