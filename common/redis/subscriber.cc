#include "common/redis/subscriber.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "common/log/log.h"
#include "common/redis/backoff.h"
#include "common/redis/link.h"
#include "common/redis/server_address.h"

namespace tidemark::redis {

namespace asio = boost::asio;
using boost::system::error_code;

//   away ──connect──▶ subscribing ──confirmed──▶ subscribed ─┐ heartbeat
//     ▲                    │ refused, slow            │ ▲────┘
//     └───── backoff ──────┴──── lost, silent ────────┘
//
// All but the constructor runs on the loop.
class Subscription : public std::enable_shared_from_this<Subscription> {
 public:
  Subscription(EventLoop& loop, SubscriberOptions options, ServerAddress address, std::string channel,
               SubscriberHandlers handlers)
      : options_(std::move(options)),
        address_(std::move(address)),
        channel_(std::move(channel)),
        handlers_(std::move(handlers)),
        executor_(loop.executor()),
        resolver_(executor_),
        timer_(executor_) {}

  void Connect();
  // For good.
  void Stop();

 private:
  void OpenLink(const asio::ip::tcp::endpoint& endpoint);
  void Subscribe() { link_->Send({"SUBSCRIBE", channel_}); }
  void Take(const redisReply& raw);
  void Confirmed();
  // A second SUBSCRIBE changes nothing and is answered, so it asks whether the server is there. (PING would
  // be answered too, but hiredis 0.14 keeps a little of each that is sent while subscribed.)
  void Beat();
  void Lose(const std::string& why);
  void TookTooLong() { Lose("not subscribed within the connect timeout"); }
  // Runs `then` after `duration`, unless the timer is set again before.
  void SetTimer(absl::Duration duration, void (Subscription::*then)());

  const SubscriberOptions options_;
  const ServerAddress address_;
  const std::string channel_;
  SubscriberHandlers handlers_;
  const asio::any_io_executor executor_;
  asio::ip::tcp::resolver resolver_;
  asio::steady_timer timer_;
  // Tells a wait that was canceled from the one that counts, also when it had expired already.
  int timer_turn_ = 0;
  absl::BitGen random_;

  bool stopped_ = false;
  // Rises with each attempt, so that what belongs to an earlier one is known and ignored.
  int attempt_ = 0;
  int failures_ = 0;
  std::shared_ptr<Link> link_;
  bool subscribed_ = false;
  // Nothing was heard since the last heartbeat.
  bool silent_ = false;
};

void Subscription::Connect() {
  SetTimer(options_.connect_timeout, &Subscription::TookTooLong);
  resolver_.async_resolve(
      address_.host, address_.port,
      [self = shared_from_this(), attempt = ++attempt_](const error_code& error, const auto& endpoints) {
        if (attempt != self->attempt_ || self->stopped_) return;
        if (error || endpoints.empty()) return self->Lose(error.message());
        self->OpenLink(*std::next(endpoints.begin(), attempt % endpoints.size()));
      });
}

void Subscription::OpenLink(const asio::ip::tcp::endpoint& endpoint) {
  // The link is closed before this is destroyed, and then calls nobody.
  link_ = Link::Open(executor_, endpoint.address().to_string(), endpoint.port(),
                     {.connected =
                          [this] {
                            // Refused where the password is wrong, and then the subscription is too.
                            if (!address_.password.empty()) link_->Send({"AUTH", address_.password});
                            Subscribe();
                          },
                      .replied = [this](const redisReply& raw) { Take(raw); },
                      .ended = [this](const std::string& why) { Lose(why); }});
}

void Subscription::Take(const redisReply& raw) {
  if (raw.type != REDIS_REPLY_ARRAY || raw.elements != 3) return;
  silent_ = false;
  const std::string_view kind(raw.element[0]->str, raw.element[0]->len);
  if (kind == "message") {
    handlers_.received(std::string_view(raw.element[2]->str, raw.element[2]->len));
  } else if (kind == "subscribe" && !subscribed_) {
    Confirmed();
  }
}

void Subscription::Confirmed() {
  subscribed_ = true;
  failures_ = 0;
  log::Info("redis_subscribed", {{"host", address_.host}, {"port", address_.port}, {"channel", channel_}});
  SetTimer(options_.heartbeat, &Subscription::Beat);
  handlers_.connected();
}

void Subscription::Beat() {
  if (std::exchange(silent_, true)) return Lose("no answer within a heartbeat");
  Subscribe();
  SetTimer(options_.heartbeat, &Subscription::Beat);
}

void Subscription::Lose(const std::string& why) {
  // Once per outage: the attempts to come will meet the same.
  if (failures_++ == 0) {
    log::Warning("redis_unsubscribed", {{"host", address_.host}, {"port", address_.port}, {"error", why}});
  }
  ++attempt_;
  if (link_ != nullptr) std::exchange(link_, nullptr)->Close();
  silent_ = false;
  SetTimer(Backoff(failures_, absl::Uniform(random_, 0.0, 1.0)), &Subscription::Connect);
  if (std::exchange(subscribed_, false)) handlers_.lost();
}

void Subscription::Stop() {
  stopped_ = true;
  if (link_ != nullptr) std::exchange(link_, nullptr)->Close();
  resolver_.cancel();
  ++timer_turn_;
  timer_.cancel();
}

void Subscription::SetTimer(absl::Duration duration, void (Subscription::*then)()) {
  timer_.expires_after(absl::ToChronoNanoseconds(duration));
  timer_.async_wait([self = shared_from_this(), turn = ++timer_turn_, then](const error_code&) {
    if (turn == self->timer_turn_) ((*self).*then)();
  });
}

Subscriber::Subscriber(EventLoop& loop, SubscriberOptions options, std::string channel,
                       SubscriberHandlers handlers)
    : loop_(loop) {
  std::signal(SIGPIPE, SIG_IGN);
  const absl::StatusOr<ServerAddress> address = ParseServerAddress(options.url);
  if (!address.ok()) throw std::invalid_argument(std::string(address.status().message()));
  subscription_ = std::make_shared<Subscription>(loop, std::move(options), *address, std::move(channel),
                                                 std::move(handlers));
  loop_.Post([subscription = subscription_] { subscription->Connect(); });
}

Subscriber::~Subscriber() {
  RunBlocking<void>(loop_, [subscription = subscription_]() -> Task<void> {
    subscription->Stop();
    co_return;
  });
}

}  // namespace tidemark::redis
