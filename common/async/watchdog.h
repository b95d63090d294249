// A deadline that is moved with every request and almost never passes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace tidemark {

// Moving the deadline away costs no timer operation: the timer that runs finds out when it fires. To be used
// on the loop of its executor.
class Watchdog {
 public:
  Watchdog(boost::asio::any_io_executor executor, std::function<void()> on_expiry);
  // Nothing is called after this.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Calls on_expiry once unless Set or Clear is called within `after`.
  void Set(absl::Duration after);
  void Clear();
  // The deadline set last has passed.
  bool expired() const;

 private:
  struct State;
  static void Arm(const std::shared_ptr<State>& state);
  static void Fire(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace tidemark
