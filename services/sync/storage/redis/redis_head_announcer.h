// The HeadAnnouncer over one Redis channel, which every replica is subscribed to. A message is
// `<user> <epoch> <head>`, the head as head_text.h has it, or `?`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"
#include "common/redis/client.h"
#include "common/redis/subscriber.h"
#include "services/sync/storage/head_announcer.h"

namespace tidemark::sync {

class RedisHeadAnnouncer : public HeadAnnouncer {
 public:
  // `loop`, where it is subscribed, and `redis`, which it announces through, outlive this.
  RedisHeadAnnouncer(EventLoop& loop, redis::Client& redis, redis::SubscriberOptions options,
                     std::string channel = "heads");

  void Listen(HeadListener* listener) override;
  void Announce(Announcement announcement) override;

 private:
  void Received(std::string_view message);
  void HearOthers(bool hears);

  redis::Client& redis_;
  const std::string channel_;
  // Held while the listener is called.
  Mutex mutex_;
  HeadListener* listener_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool hears_ ABSL_GUARDED_BY(mutex_) = false;
  // The last member: it calls this until it is gone.
  redis::Subscriber subscriber_;
};

}  // namespace tidemark::sync
