#include "services/sync/storage/redis/redis_head_announcer.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/sync/storage/redis/head_text.h"

namespace tidemark::sync {
namespace {

constexpr char kUnknownHead[] = "?";

std::string Format(const Announcement& announcement) {
  const std::string head = announcement.head ? FormatHead(*announcement.head) : kUnknownHead;
  return absl::StrCat(announcement.user.value(), " ", announcement.epoch.value(), " ", head);
}

std::optional<Announcement> Parse(std::string_view message) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::string_view(message.data(), message.size()), ' ');
  if (parts.size() != 3) return std::nullopt;
  Announcement announcement{UserId(parts[0]), Epoch(parts[1]), ParseHead(parts[2])};
  if (!announcement.head && parts[2] != kUnknownHead) return std::nullopt;
  return announcement;
}

}  // namespace

RedisHeadAnnouncer::RedisHeadAnnouncer(EventLoop& loop, redis::Client& redis,
                                       redis::SubscriberOptions options, std::string channel)
    : redis_(redis),
      channel_(std::move(channel)),
      subscriber_(loop, std::move(options), channel_,
                  {.received = [this](std::string_view message) { Received(message); },
                   .connected = [this] { HearOthers(true); },
                   .lost = [this] { HearOthers(false); }}) {}

void RedisHeadAnnouncer::Listen(HeadListener* listener) {
  MutexLock lock(&mutex_);
  listener_ = listener;
  if (listener_ != nullptr && hears_) listener_->HearsOthers(true);
}

void RedisHeadAnnouncer::Announce(Announcement announcement) {
  std::vector<std::string> publish = {"PUBLISH", channel_, Format(announcement)};
  {
    MutexLock lock(&mutex_);
    if (listener_ != nullptr) listener_->Heard(announcement);
  }
  // Nobody waits: a push is not to be slower for those who watch.
  Spawn(*EventLoop::Current(), [&redis = redis_, publish = std::move(publish)]() -> Task<void> {
    (void)co_await redis.Command(publish);
  });
}

void RedisHeadAnnouncer::Received(std::string_view message) {
  const std::optional<Announcement> announcement = Parse(message);
  MutexLock lock(&mutex_);
  if (announcement && listener_ != nullptr) listener_->Heard(*announcement);
}

void RedisHeadAnnouncer::HearOthers(bool hears) {
  MutexLock lock(&mutex_);
  hears_ = hears;
  if (listener_ != nullptr) listener_->HearsOthers(hears);
}

}  // namespace tidemark::sync
