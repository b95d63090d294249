#include "client/manager/live_stream.h"

#include <algorithm>
#include <utility>

#include "common/status/error.h"

namespace tidemark::client {
namespace {

constexpr int kDoublingsMax = 10;

}  // namespace

void LiveStream::Start() {
  failures_ = 0;
  MutexLock lock(&mutex_);
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void LiveStream::Stop() {
  {
    MutexLock lock(&mutex_);
    running_ = false;
    if (attempt_) attempt_->Cancel();
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void LiveStream::SetWanted(bool wanted) {
  MutexLock lock(&mutex_);
  if (std::exchange(wanted_, wanted) == wanted) return;
  if (!wanted && attempt_) attempt_->Cancel();
  changed_.NotifyAll();
}

void LiveStream::TryNow() {
  MutexLock lock(&mutex_);
  hurry_ = true;
  changed_.NotifyAll();
}

void LiveStream::Run() {
  while (const std::shared_ptr<Cancellation> attempt = AwaitWanted()) {
    const absl::Status ended = Follow(*attempt);
    if (!attempt->cancelled()) Pause(PauseAfter(ended));
  }
}

std::shared_ptr<Cancellation> LiveStream::AwaitWanted() {
  MutexLock lock(&mutex_);
  attempt_.reset();
  while (running_ && !wanted_) changed_.Wait(mutex_);
  if (!running_) return nullptr;
  hurry_ = false;
  attempt_ = std::make_shared<Cancellation>();
  return attempt_;
}

absl::Status LiveStream::Follow(Cancellation& cancellation) {
  ++failures_;
  absl::StatusOr<Renewed> token = hooks_.token(cancellation);
  if (!token.ok()) return token.status();
  bool is_open = false;
  const Call call{.access_token = token->access_token, .cancellation = &cancellation};
  const absl::Status ended = transport_.Watch(call, [&](const std::string& etag) {
    failures_ = 0;
    if (!std::exchange(is_open, true)) hooks_.opened(true);
    hooks_.head(etag);
  });
  if (is_open) hooks_.opened(false);
  return IsTokenRefused(ended) ? hooks_.renew(token->access_token, cancellation) : ended;
}

absl::Duration LiveStream::PauseAfter(const absl::Status& ended) {
  // A stream that was open ends with its token, or with the server: many are opened again at the same time.
  const int doublings = std::clamp(failures_ - 1, 0, kDoublingsMax);
  const absl::Duration longest = std::min(kPauseLongest, kPauseFirst * (1 << doublings));
  const absl::Duration asked = ended.ok()
                                   ? absl::ZeroDuration()
                                   : ErrorInfoOf(ended).details.retry_after.value_or(absl::ZeroDuration());
  return asked + longest * hooks_.draw();
}

void LiveStream::Pause(absl::Duration pause) {
  const CondVar::Deadline deadline = CondVar::In(pause);
  MutexLock lock(&mutex_);
  while (running_ && wanted_ && !hurry_) {
    if (!changed_.WaitUntil(mutex_, deadline)) return;
  }
}

}  // namespace tidemark::client
