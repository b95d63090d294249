#include "client/manager/gate.h"

#include <algorithm>
#include <utility>

namespace tidemark::client {
namespace {

// How often another process is asked whether it is out.
constexpr absl::Duration kLookAgain = absl::Milliseconds(20);

}  // namespace

Gate::Pass::Pass(Pass&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), lock_(std::move(other.lock_)) {}

Gate::Pass::~Pass() {
  if (gate_ == nullptr) return;
  lock_.reset();
  gate_->LeaveSeat();
}

bool Gate::TakeSeat() {
  MutexLock lock(&mutex_);
  return !std::exchange(taken_, true);
}

void Gate::LeaveSeat() {
  MutexLock lock(&mutex_);
  taken_ = false;
  changed_.NotifyAll();
}

absl::StatusOr<std::optional<Gate::Pass>> Gate::TryEnter() {
  if (!TakeSeat()) return std::optional<Pass>();
  // Leaves the seat again, unless it is returned.
  Pass pass(this, std::nullopt);
  if (path_.empty()) return std::optional<Pass>(std::move(pass));
  absl::StatusOr<std::optional<SyncLock>> lock = SyncLock::Try(path_);
  if (!lock.ok()) return lock.status();
  if (!*lock) return std::optional<Pass>();
  pass.lock_ = std::move(*lock);
  return std::optional<Pass>(std::move(pass));
}

absl::StatusOr<Gate::Pass> Gate::Enter(absl::Duration patience, Cancellation& cancellation) {
  const CondVar::Deadline deadline = CondVar::In(patience);
  const Cancellation::OnCancel wake(&cancellation, [this] { changed_.NotifyAll(); });
  while (true) {
    if (cancellation.cancelled()) return absl::CancelledError();
    absl::StatusOr<std::optional<Pass>> pass = TryEnter();
    if (!pass.ok()) return pass.status();
    if (*pass) return *std::move(*pass);
    if (CondVar::In(absl::ZeroDuration()) >= deadline) {
      return absl::DeadlineExceededError("the local store: another program is using it");
    }
    MutexLock lock(&mutex_);
    changed_.WaitUntil(mutex_, std::min(deadline, CondVar::In(kLookAgain)));
  }
}

}  // namespace tidemark::client
