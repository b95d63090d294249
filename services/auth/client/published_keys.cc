#include "services/auth/client/published_keys.h"

#include <utility>

#include "common/log/log.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

constexpr int64_t kStaleAfterMillis = 60'000;
constexpr int64_t kTryEveryMillis = 5'000;

}  // namespace

PublishedKeys::PublishedKeys(EventLoops& loops, std::unique_ptr<KeySource> source, const Clock& clock)
    : loops_(loops), source_(std::move(source)), clock_(clock) {}

PublishedKeys::~PublishedKeys() {
  MutexLock lock(&mutex_);
  while (fetching_) fetch_ended_.Wait(mutex_);
}

Task<absl::StatusOr<std::optional<PublicKey>>> PublishedKeys::Find(std::string id, Origin origin) {
  if (std::optional<PublicKey> key = Lookup(id)) {
    if (IsStale()) Fetch(Origin(), nullptr);
    co_return key;
  }
  if (!MayFetchForUnknownName()) co_return std::nullopt;
  absl::Status fetched = co_await Await<absl::Status>(
      [this, &origin](Completion<absl::Status> done) { Fetch(std::move(origin), std::move(done)); });
  if (std::optional<PublicKey> key = Lookup(id)) co_return key;
  MutexLock lock(&mutex_);
  if (keys_.empty()) {
    co_return Error(Code::kUnavailable, "Access tokens cannot be verified yet.",
                    {.retry_after = absl::Seconds(1)});
  }
  co_return std::nullopt;
}

Task<bool> PublishedKeys::Hold() {
  if (HasAny()) co_return true;
  if (!MayFetchForNobody()) co_return false;
  (void)co_await Await<absl::Status>(
      [this](Completion<absl::Status> done) { Fetch(Origin(), std::move(done)); });
  co_return HasAny();
}

bool PublishedKeys::HasAny() const {
  MutexLock lock(&mutex_);
  return !keys_.empty();
}

bool PublishedKeys::MayFetchForNobody() const {
  MutexLock lock(&mutex_);
  return !fetching_ && !TriedLately();
}

std::optional<PublicKey> PublishedKeys::Lookup(const std::string& id) const {
  MutexLock lock(&mutex_);
  auto found = keys_.find(id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

bool PublishedKeys::IsStale() const {
  MutexLock lock(&mutex_);
  return clock_.Now().value - tried_at_.value >= kStaleAfterMillis;
}

bool PublishedKeys::MayFetchForUnknownName() const {
  MutexLock lock(&mutex_);
  return keys_.empty() || fetching_ || !TriedLately();
}

bool PublishedKeys::TriedLately() const { return clock_.Now().value - tried_at_.value < kTryEveryMillis; }

void PublishedKeys::Fetch(Origin origin, Completion<absl::Status> done) {
  {
    MutexLock lock(&mutex_);
    if (done != nullptr) waiting_.push_back(std::move(done));
    if (fetching_) return;
    fetching_ = true;
    tried_at_ = clock_.Now();
  }
  Spawn(loops_.Next(), [this, origin = std::move(origin)] { return RunFetch(origin); });
}

Task<void> PublishedKeys::RunFetch(Origin origin) {
  absl::StatusOr<std::vector<PublicKey>> fetched = co_await source_->Fetch(origin);
  if (!fetched.ok()) {
    log::Warning("published_keys_not_fetched", {{"status", fetched.status().ToString()}}, origin);
  }
  std::vector<Completion<absl::Status>> waiting;
  {
    MutexLock lock(&mutex_);
    if (fetched.ok()) {
      keys_.clear();
      for (PublicKey& key : *fetched) keys_[key.id] = key;
    }
    waiting.swap(waiting_);
    fetching_ = false;
    fetch_ended_.NotifyAll();
    // Once the lock is let go the object may be gone.
  }
  for (const Completion<absl::Status>& done : waiting) done(fetched.status());
}

}  // namespace tidemark::auth
