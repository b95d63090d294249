#include "common/async/periodic.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <utility>

namespace tidemark {

struct Periodic::Impl {
  Impl(EventLoop& its_loop, Pause its_pause, Body its_body)
      : loop(its_loop), pause(std::move(its_pause)), body(std::move(its_body)), timer(loop.executor()) {}

  Task<void> Run() {
    while (!stopping) {
      timer.expires_after(absl::ToChronoNanoseconds(pause()));
      boost::system::error_code cancelled;
      auto expired = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await timer.async_wait(expired);
      if (!stopping) co_await body(stopping);
    }
    ended.set_value();
  }

  EventLoop& loop;
  const Pause pause;
  const Body body;
  boost::asio::steady_timer timer;
  std::atomic<bool> stopping{false};
  std::promise<void> ended;
};

Periodic::Periodic(EventLoop& loop, Pause pause, Body body)
    : impl_(std::make_shared<Impl>(loop, std::move(pause), std::move(body))) {
  Spawn(loop, [impl = impl_] { return impl->Run(); });
}

Periodic::~Periodic() {
  std::future<void> ended = impl_->ended.get_future();
  impl_->stopping = true;
  // On the loop's thread: the timer belongs to it.
  impl_->loop.Post([impl = impl_] { impl->timer.cancel(); });
  ended.wait();
}

}  // namespace tidemark
