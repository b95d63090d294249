#include "common/async/event_loops.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

namespace tidemark {
namespace {

namespace asio = boost::asio;

thread_local EventLoop* current_loop = nullptr;

// Holds `body` in its own frame, so that a lambda's captures outlive the task they started.
Task<void> RunBody(std::function<Task<void>()> body) { co_await body(); }

}  // namespace

struct EventLoop::Impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> open{io.get_executor()};
};

EventLoop::EventLoop(int index) : index_(index), impl_(std::make_unique<Impl>()) {
  thread_ = std::thread([this] {
    current_loop = this;
    impl_->io.run();
  });
}

EventLoop::~EventLoop() { Stop(); }

void EventLoop::Stop() {
  impl_->io.stop();
  if (thread_.joinable()) thread_.join();
}

asio::any_io_executor EventLoop::executor() { return impl_->io.get_executor(); }

void EventLoop::Post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }

EventLoop* EventLoop::Current() { return current_loop; }

EventLoops::EventLoops(int count) {
  for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<EventLoop>(i));
}

EventLoops::~EventLoops() {
  for (const std::unique_ptr<EventLoop>& loop : loops_) loop->Stop();
}

EventLoop& EventLoops::Next() { return *loops_[next_++ % loops_.size()]; }

void Spawn(EventLoop& loop, std::function<Task<void>()> body) {
  asio::co_spawn(loop.executor(), RunBody(std::move(body)), EndIfThrown);
}

void EndIfThrown(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

Task<void> Sleep(absl::Duration duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(absl::ToChronoNanoseconds(duration));
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace tidemark
