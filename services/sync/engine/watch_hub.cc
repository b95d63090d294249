#include "services/sync/engine/watch_hub.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::sync {
namespace {

// When a stream of the same user may have ended, and when another process may have taken over.
constexpr absl::Duration kRetryWhenFull = absl::Seconds(60);
constexpr absl::Duration kRetryWhenStopping = absl::Seconds(1);

absl::Status Full() {
  return Error(Code::kRateLimited, absl::StrCat("at most ", WatchHub::kStreamsMax, " streams at once"),
               {.retry_after = kRetryWhenFull});
}

absl::Status Stopping() {
  return Error(Code::kUnavailable, "the server stops; watch another", {.retry_after = kRetryWhenStopping});
}

}  // namespace

WatchHub::WatchHub(HeadAnnouncer& announcer) : announcer_(announcer) { announcer_.Listen(this); }

WatchHub::~WatchHub() { announcer_.Listen(nullptr); }

absl::StatusOr<std::shared_ptr<WatchHub::Stream>> WatchHub::Open(UserId user, SessionId session,
                                                                 UnixMillis token_expires_at) {
  MutexLock lock(&mutex_);
  if (closed_) return Stopping();
  Watched& watched = watched_[user];
  if (watched.streams.size() >= kStreamsMax) return Full();
  auto stream = std::make_shared<Stream>(*this, std::move(user), std::move(session), token_expires_at);
  watched.streams.push_back(stream.get());
  return stream;
}

bool WatchHub::IsWatchedBy(const UserId& user, const SessionId& session) {
  MutexLock lock(&mutex_);
  const auto entry = watched_.find(user);
  if (entry == watched_.end()) return false;
  const std::vector<Stream*>& streams = entry->second.streams;
  return std::any_of(streams.begin(), streams.end(),
                     [&session](const Stream* stream) { return stream->session_ == session; });
}

std::size_t WatchHub::streams() {
  MutexLock lock(&mutex_);
  std::size_t open = 0;
  for (const auto& [user, watched] : watched_) open += watched.streams.size();
  return open;
}

void WatchHub::Leave(Stream& stream) {
  MutexLock lock(&mutex_);
  const auto entry = watched_.find(stream.user_);
  std::erase(entry->second.streams, &stream);
  if (entry->second.streams.empty()) watched_.erase(entry);
}

void WatchHub::Heard(const Announcement& announcement) {
  MutexLock lock(&mutex_);
  const auto entry = watched_.find(announcement.user);
  if (entry == watched_.end()) return;
  Watched& watched = entry->second;
  // Which of two data sets is the present one only the store knows.
  const bool same_data_set = watched.newest && watched.newest->epoch == announcement.epoch;
  if (!same_data_set || !announcement.head) {
    watched.unsure = true;
  } else if (announcement.head->high_water > watched.newest->head.high_water) {
    Keep(watched, {announcement.epoch, *announcement.head});
  }
}

void WatchHub::Found(const UserId& user, const LiveHead& found) {
  MutexLock lock(&mutex_);
  const auto entry = watched_.find(user);
  if (entry == watched_.end()) return;
  const std::optional<LiveHead>& newest = entry->second.newest;
  // A read that took long may end after a later announcement.
  const bool older =
      newest && newest->epoch == found.epoch && newest->head.high_water >= found.head.high_water;
  if (!older) Keep(entry->second, found);
}

void WatchHub::Keep(Watched& watched, const LiveHead& newest) {
  watched.newest = newest;
  ++watched.turn;
  for (Stream* stream : watched.streams) Tell(*stream, watched);
}

void WatchHub::HearsOthers(bool hears) {
  MutexLock lock(&mutex_);
  hears_others_ = hears;
  until_all_ = 0;
}

void WatchHub::ReadAllSoon() {
  MutexLock lock(&mutex_);
  until_all_ = 0;
}

std::vector<UserId> WatchHub::TakeDue() {
  MutexLock lock(&mutex_);
  const bool all = until_all_ == 0;
  if (all) until_all_ = hears_others_ ? kReadEvery : kReadEveryAlone;
  --until_all_;
  std::vector<UserId> due;
  for (auto& [user, watched] : watched_) {
    if (all || watched.unsure) due.push_back(user);
    watched.unsure = false;
  }
  return due;
}

void WatchHub::EndExpired(UnixMillis now) {
  MutexLock lock(&mutex_);
  for (const auto& [user, watched] : watched_) {
    for (Stream* stream : watched.streams) {
      if (stream->token_expires_at_ > now) continue;
      EndLocked(*stream, Error(Code::kExpiredToken, "the access token has expired"));
    }
  }
}

void WatchHub::EndSessions(const SessionPredicate& is_over) {
  MutexLock lock(&mutex_);
  for (const auto& [user, watched] : watched_) {
    for (Stream* stream : watched.streams) {
      if (is_over(stream->session_)) EndLocked(*stream, Error(Code::kInvalidToken, "the session was ended"));
    }
  }
}

void WatchHub::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
  for (const auto& [user, watched] : watched_) {
    for (Stream* stream : watched.streams) EndLocked(*stream, Stopping());
  }
}

void WatchHub::End(Stream& stream, const absl::Status& status) {
  MutexLock lock(&mutex_);
  EndLocked(stream, status);
}

void WatchHub::EndLocked(Stream& stream, const absl::Status& status) {
  stream.end_.Update(status);
  Tell(stream, watched_.at(stream.user_));
}

void WatchHub::AwaitNews(Stream& stream, Completion<absl::StatusOr<Head>> told) {
  MutexLock lock(&mutex_);
  stream.waiting_ = std::move(told);
  Tell(stream, watched_.at(stream.user_));
}

void WatchHub::Tell(Stream& stream, const Watched& watched) {
  const bool has_news = watched.newest && stream.turn_ != watched.turn;
  if (!stream.waiting_ || (stream.end_.ok() && !has_news)) return;
  stream.turn_ = watched.turn;
  const auto told = std::exchange(stream.waiting_, nullptr);
  stream.end_.ok() ? told(watched.newest->head) : told(stream.end_);
}

Task<absl::StatusOr<Head>> WatchHub::Stream::Next() {
  co_return co_await Await<absl::StatusOr<Head>>(
      [this](Completion<absl::StatusOr<Head>> told) { hub_.AwaitNews(*this, std::move(told)); });
}

}  // namespace tidemark::sync
