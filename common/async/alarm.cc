#include "common/async/alarm.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidemark {

Task<void> Alarm::WaitUntil(Clock::time_point time) {
  boost::system::error_code rung;
  timer_.expires_at(time);
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
}

}  // namespace tidemark
