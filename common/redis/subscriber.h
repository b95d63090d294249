// One channel of Redis, listened to on a connection of its own.
//
//   redis::Subscriber heads(loops.at(0), {.url = url}, "heads",
//                           {.received = [](std::string_view message) { … },
//                            .connected = [] { … read again what may have been missed … },
//                            .lost = [] { … }});
//
// Redis keeps no message for a subscriber that is away. So this tells its owner from when on it hears all
// that is published, and when that has ended; in between it connects again by itself, as a Client does.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/async/event_loops.h"

namespace tidemark::redis {

struct SubscriberOptions {
  // As ClientOptions::url; channels are common to all databases.
  std::string url = {};
  // From the first packet to the confirmed subscription.
  absl::Duration connect_timeout = absl::Seconds(1);
  // How often the server is asked whether it is there; one that has not answered by the next time is lost.
  absl::Duration heartbeat = absl::Seconds(2);
};

// Run on the loop.
struct SubscriberHandlers {
  // Any bytes.
  std::function<void(std::string_view message)> received;
  // Whatever is published from now on is received.
  std::function<void()> connected;
  // What is published is missed, and has been for two heartbeats at most. Each follows one `connected`.
  std::function<void()> lost;
};

class Subscription;

class Subscriber {
 public:
  // Starts to connect and returns. Throws std::invalid_argument if the url is none.
  Subscriber(EventLoop& loop, SubscriberOptions options, std::string channel, SubscriberHandlers handlers);
  // No handler runs after it. While the loop still runs, from no loop's thread.
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

 private:
  EventLoop& loop_;
  std::shared_ptr<Subscription> subscription_;
};

}  // namespace tidemark::redis
