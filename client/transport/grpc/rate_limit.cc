#include "client/transport/grpc/rate_limit.h"

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/numbers.h"

namespace tidemark::client {
namespace {

// A structured field (RFC 9651): a string, and parameters that are whole numbers.
struct Item {
  std::string name;
  std::map<std::string, int64_t> parameters;
};

std::optional<Item> Parse(std::string_view text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  Item item{.name = std::string(text.substr(1, end - 1)), .parameters = {}};
  text.remove_prefix(end + 1);
  while (!text.empty()) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    const std::string parameter(text.substr(0, text.find(';')));
    text.remove_prefix(parameter.size());
    const std::size_t equals = parameter.find('=');
    int64_t value = 0;
    if (equals == std::string::npos || !absl::SimpleAtoi(parameter.substr(equals + 1), &value) || value < 0) {
      return std::nullopt;
    }
    item.parameters[parameter.substr(0, equals)] = value;
  }
  return item;
}

}  // namespace

std::optional<LimitTold> ParseRateLimit(std::string_view limit, std::string_view policy) {
  const std::optional<Item> left = Parse(limit);
  const std::optional<Item> whole = Parse(policy);
  if (!left || !whole || left->name != whole->name) return std::nullopt;
  for (const char* name : {"r", "t"}) {
    if (left->parameters.count(name) == 0) return std::nullopt;
  }
  for (const char* name : {"q", "w"}) {
    if (whole->parameters.count(name) == 0) return std::nullopt;
  }
  return LimitTold{.policy = left->name,
                   .remaining = left->parameters.at("r"),
                   .limit = whole->parameters.at("q"),
                   .reset = absl::Seconds(left->parameters.at("t")),
                   .window = absl::Seconds(whole->parameters.at("w"))};
}

}  // namespace tidemark::client
