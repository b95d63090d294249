// Where a Redis is, as one URL says it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidemark::redis {

struct ServerAddress {
  std::string host;
  std::string port = "6379";
  // Empty: none is asked for.
  std::string password = {};
  // Empty: database 0.
  std::string database = {};
};

// redis://[:password@]host[:port][/database]. INVALID_ARGUMENT says what is wrong, without the password.
absl::StatusOr<ServerAddress> ParseServerAddress(std::string_view url);

}  // namespace tidemark::redis
