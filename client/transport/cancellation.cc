#include "client/transport/cancellation.h"

#include <utility>

namespace tidemark::client {

void Cancellation::Cancel() {
  MutexLock lock(&mutex_);
  if (cancelled_.exchange(true)) return;
  for (const auto& [id, end] : ends_) end();
}

Cancellation::OnCancel::OnCancel(Cancellation* cancellation, std::function<void()> end)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  MutexLock lock(&cancellation_->mutex_);
  if (cancellation_->cancelled_) end();
  id_ = ++cancellation_->last_id_;
  cancellation_->ends_.emplace(id_, std::move(end));
}

Cancellation::OnCancel::~OnCancel() {
  if (cancellation_ == nullptr) return;
  MutexLock lock(&cancellation_->mutex_);
  cancellation_->ends_.erase(id_);
}

}  // namespace tidemark::client
