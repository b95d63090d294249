#include "common/async/watchdog.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace tidemark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::time_point kNever = Clock::time_point::max();

}  // namespace

struct Watchdog::State {
  boost::asio::steady_timer timer;
  std::function<void()> on_expiry;
  Clock::time_point deadline = kNever;
  // When the timer fires; kNever: it does not run. Never later than the deadline.
  Clock::time_point fires_at = kNever;
  bool expired = false;
};

Watchdog::Watchdog(boost::asio::any_io_executor executor, std::function<void()> on_expiry)
    : state_(new State{boost::asio::steady_timer(std::move(executor)), std::move(on_expiry)}) {}

Watchdog::~Watchdog() = default;

void Watchdog::Set(absl::Duration after) {
  state_->expired = false;
  state_->deadline = Clock::now() + absl::ToChronoNanoseconds(after);
  if (state_->deadline < state_->fires_at) Arm(state_);
}

void Watchdog::Clear() { state_->deadline = kNever; }

bool Watchdog::expired() const { return state_->expired; }

void Watchdog::Arm(const std::shared_ptr<State>& state) {
  state->fires_at = state->deadline;
  state->timer.expires_at(state->deadline);
  // Weak: the timer's last call may come after the watchdog has gone.
  state->timer.async_wait([weak = std::weak_ptr<State>(state)](const boost::system::error_code& error) {
    const std::shared_ptr<State> self = weak.lock();
    if (self != nullptr && !error.failed()) Fire(self);
  });
}

void Watchdog::Fire(const std::shared_ptr<State>& state) {
  state->fires_at = kNever;
  if (state->deadline == kNever) return;
  if (Clock::now() < state->deadline) {
    Arm(state);
    return;
  }
  state->deadline = kNever;
  state->expired = true;
  state->on_expiry();
}

}  // namespace tidemark
