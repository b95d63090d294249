#include "common/redis/reply.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::redis {
namespace {

// Of the server as it is now, not of the command: another time, or another server, may do it.
constexpr std::string_view kPassingErrors[] = {
    "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY", "UNKILLABLE"};

absl::StatusOr<Reply> ArrayOf(const redisReply& raw) {
  Reply reply{.kind = Reply::Kind::kArray};
  reply.elements.reserve(raw.elements);
  for (size_t i = 0; i < raw.elements; ++i) {
    absl::StatusOr<Reply> element = ReplyOf(*raw.element[i]);
    if (!element.ok()) return element;
    reply.elements.push_back(*std::move(element));
  }
  return reply;
}

}  // namespace

absl::StatusOr<Reply> ReplyOf(const redisReply& raw) {
  switch (raw.type) {
    case REDIS_REPLY_NIL:
      return Reply{};
    case REDIS_REPLY_INTEGER:
      return Reply{.kind = Reply::Kind::kInteger, .integer = raw.integer};
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_STRING:
      return Reply{.kind = Reply::Kind::kString, .text = std::string(raw.str, raw.len)};
    case REDIS_REPLY_ARRAY:
      return ArrayOf(raw);
    case REDIS_REPLY_ERROR:
      return StatusOfErrorReply({raw.str, raw.len});
    default:
      return absl::InternalError(absl::StrCat("a reply of unknown type ", raw.type));
  }
}

absl::Status StatusOfErrorReply(std::string_view text) {
  const std::string_view code = text.substr(0, text.find(' '));
  const bool passing =
      std::find(std::begin(kPassingErrors), std::end(kPassingErrors), code) != std::end(kPassingErrors);
  if (passing) return Error(Code::kUnavailable, text, {.retry_after = absl::Seconds(1)});
  return absl::InternalError(std::string(text));
}

std::string InfoField(std::string_view info, std::string_view name) {
  const std::string key = "\n" + std::string(name) + ":";
  const size_t found = info.find(key);
  if (found == std::string_view::npos) return "";
  const size_t begin = found + key.size();
  return std::string(info.substr(begin, info.find_first_of("\r\n", begin) - begin));
}

absl::Status Unreachable() {
  return Error(Code::kUnavailable, "Redis cannot be reached.", {.retry_after = absl::Seconds(1)});
}

}  // namespace tidemark::redis
