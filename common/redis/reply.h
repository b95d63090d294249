// What Redis answers, out of hiredis' hands.
#pragma once

#include <hiredis/hiredis.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/redis/client.h"

namespace tidemark::redis {

// The error of an error reply, or of the first one inside an array.
absl::StatusOr<Reply> ReplyOf(const redisReply& raw);

// What Client::Command documents for an error reply, "CODE text".
absl::Status StatusOfErrorReply(std::string_view text);

// The value of `name` in the answer to INFO; empty if it is not there.
std::string InfoField(std::string_view info, std::string_view name);

// What a caller is told while Redis cannot be reached.
absl::Status Unreachable();

}  // namespace tidemark::redis
