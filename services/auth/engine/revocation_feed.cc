#include "services/auth/engine/revocation_feed.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "common/async/event_loops.h"
#include "common/log/log.h"

namespace tidemark::auth {
namespace {

// A revocation is stored with the time at which it began: its commit may come this much later.
constexpr absl::Duration kCommitMax = absl::Minutes(1);
constexpr absl::Duration kForgetEvery = absl::Minutes(1);

UnixMillis Plus(UnixMillis time, absl::Duration duration) {
  return {time.value + absl::ToInt64Milliseconds(duration)};
}

}  // namespace

// Called by whoever comes first: the last acknowledgement or the time limit.
struct RevocationFeed::Waiting {
  Waiting(int64_t its_number, Completion<bool> its_done) : number(its_number), done(std::move(its_done)) {}

  void End(bool acknowledged) {
    if (!ended.exchange(true)) done(acknowledged);
  }

  const int64_t number;
  const Completion<bool> done;
  std::atomic<bool> ended{false};
};

RevocationFeed::RevocationFeed(AccountStore& store, const Clock& clock, Sleeper sleep,
                               absl::Duration token_lifetime)
    : store_(store), clock_(clock), sleep_(std::move(sleep)), token_lifetime_(token_lifetime) {}

std::shared_ptr<RevocationFeed::Watcher> RevocationFeed::Watch(std::function<void()> news) {
  auto watcher = std::make_shared<Watcher>(*this, std::move(news));
  MutexLock lock(&mutex_);
  watchers_.push_back(watcher.get());
  return watcher;
}

Task<void> RevocationFeed::Announce(std::vector<Revocation> revoked, Origin origin) {
  int64_t number = 0;
  {
    MutexLock lock(&mutex_);
    number = Append(revoked);
    if (IsAcknowledged(number)) co_return;
  }
  const bool acknowledged = co_await Await<bool>(
      [this, number](Completion<bool> done) { AwaitAcknowledgement(number, std::move(done)); });
  if (!acknowledged) log::Warning("revocation_not_acknowledged", {{"number", number}}, origin);
}

void RevocationFeed::AwaitAcknowledgement(int64_t number, Completion<bool> done) {
  auto waiting = std::make_shared<Waiting>(number, std::move(done));
  Spawn(*EventLoop::Current(), [sleep = sleep_, waiting]() -> Task<void> {
    co_await sleep(kAcknowledgedWithin);
    waiting->End(false);
  });
  MutexLock lock(&mutex_);
  waiting_.push_back(std::move(waiting));
  EndWaiting();
}

Task<void> RevocationFeed::Refresh() {
  const UnixMillis now = clock_.Now();
  UnixMillis since = Plus(now, -(token_lifetime_ + kMargin));
  {
    MutexLock lock(&mutex_);
    if (read_at_.has_value()) since = std::max(since, Plus(*read_at_, -kCommitMax));
  }
  absl::StatusOr<std::vector<Revocation>> revoked = co_await store_.RevokedSince(since);
  if (!revoked.ok()) co_return;  // The pool tells of it.
  {
    MutexLock lock(&mutex_);
    Append(*revoked);
    if (!std::exchange(read_at_, now).has_value()) TellNews();
    ForgetExpired();
  }
  co_await ForgetInStore();
}

Task<void> RevocationFeed::ForgetInStore() {
  const UnixMillis now = clock_.Now();
  {
    MutexLock lock(&mutex_);
    if (now < Plus(forgot_at_, kForgetEvery)) co_return;
    forgot_at_ = now;
  }
  const absl::Status forgotten = co_await store_.ForgetRevoked(Plus(now, -(token_lifetime_ + 2 * kMargin)));
  if (!forgotten.ok()) log::Warning("revocations_not_forgotten", {{"status", forgotten.ToString()}});
}

void RevocationFeed::Show(metrics::Readings& readings) const {
  readings.Gauge("tidemark_revocation_watchers", "Processes that are told of sessions that end.", {}, [this] {
    MutexLock lock(&mutex_);
    return static_cast<double>(watchers_.size());
  });
}

void RevocationFeed::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
  TellNews();
}

RefusedSession RevocationFeed::RefusalOf(const Revocation& revocation) const {
  return {revocation.session, Plus(revocation.revoked_at, token_lifetime_ + kMargin)};
}

int64_t RevocationFeed::Append(const std::vector<Revocation>& revoked) {
  const int64_t before = last_number_;
  for (const Revocation& revocation : revoked) {
    if (!listed_.insert(revocation.session).second) continue;
    list_.push_back({++last_number_, RefusalOf(revocation)});
  }
  if (last_number_ > before) TellNews();
  return last_number_;
}

void RevocationFeed::TellNews() {
  for (Watcher* watcher : watchers_) watcher->news_();
}

void RevocationFeed::ForgetExpired() {
  const UnixMillis now = clock_.Now();
  while (!list_.empty() && list_.front().refused.until <= now) {
    listed_.erase(list_.front().refused.session);
    list_.pop_front();
  }
}

bool RevocationFeed::IsAcknowledged(int64_t number) const {
  return std::all_of(watchers_.begin(), watchers_.end(),
                     [number](const Watcher* watcher) { return watcher->acknowledged_ >= number; });
}

void RevocationFeed::EndWaiting() {
  for (const std::shared_ptr<Waiting>& waiting : waiting_) {
    if (IsAcknowledged(waiting->number)) waiting->End(true);
  }
  std::erase_if(waiting_, [](const std::shared_ptr<Waiting>& waiting) { return waiting->ended.load(); });
}

std::optional<RevocationBatch> RevocationFeed::Take(Watcher& watcher) {
  MutexLock lock(&mutex_);
  if (!read_at_.has_value() || (watcher.begun_ && watcher.taken_ == last_number_)) return std::nullopt;
  watcher.begun_ = true;
  auto next = std::upper_bound(list_.begin(), list_.end(), watcher.taken_,
                               [](int64_t taken, const Numbered& entry) { return taken < entry.number; });
  RevocationBatch batch;
  for (; next != list_.end() && batch.sessions.size() < kBatchMax; ++next) {
    batch.sessions.push_back(next->refused);
    watcher.taken_ = next->number;
  }
  batch.complete = next == list_.end();
  // What was forgotten needs no telling.
  if (batch.complete) watcher.taken_ = last_number_;
  batch.number = watcher.taken_;
  return batch;
}

void RevocationFeed::Acknowledge(Watcher& watcher, int64_t number) {
  MutexLock lock(&mutex_);
  watcher.acknowledged_ = std::max(watcher.acknowledged_, std::min(number, watcher.taken_));
  EndWaiting();
}

bool RevocationFeed::IsClosed() const {
  MutexLock lock(&mutex_);
  return closed_;
}

void RevocationFeed::Leave(Watcher& watcher) {
  MutexLock lock(&mutex_);
  std::erase(watchers_, &watcher);
  EndWaiting();
}

}  // namespace tidemark::auth
