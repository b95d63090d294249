// Identifiers as types, so that swapped arguments do not compile.
#pragma once

#include <compare>
#include <string>
#include <utility>

namespace tidemark {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const Id&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine(std::move(h), id.value_);
  }

 private:
  std::string value_;
};

// A UUID in its canonical lower-case text form.
using UserId = Id<struct UserIdTag>;
// A UUID; the `sid` of access tokens.
using SessionId = Id<struct SessionIdTag>;
// Made by clients (SPEC 3.1).
using TaskId = Id<struct TaskIdTag>;
using DeviceId = Id<struct DeviceIdTag>;

}  // namespace tidemark
