// Reading a client's JSON into messages, strictly: a wrong type anywhere refuses the whole body and names the
// place; unknown members are ignored; of a member given twice the last counts, as in JavaScript's JSON.parse.
//
//   absl::Status status = ReadBody(body, [&](const Node& root) { return ReadText(root, text); });
//
// Only types are judged here. Ranges and alphabets are the services' to judge. What an object's members are
// stands in tables (shape.h). For the .cc files of this folder.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tidemark::gateway {

// Arrays and objects deeper than this are malformed_json.
inline constexpr size_t kNestingMax = 32;

// What a walk over one document remembers.
struct Walk {
  // The first required member that was not there, as a JSON Pointer; empty: none. Kept aside while the walk
  // goes on, because a wrong type further down outranks it.
  std::string missing;
};

// A JSON value together with its place in the document. Lives on the stack of the walk: a child refers to its
// parent, so that a pointer is only spelt when something is wrong.
class Node {
 public:
  Node(const boost::json::value& value, Walk& walk) : value_(value), walk_(walk) {}
  Node(const Node& parent, std::string_view name, const boost::json::value& value)
      : value_(value), walk_(parent.walk_), parent_(&parent), name_(name) {}
  Node(const Node& parent, size_t index, const boost::json::value& value)
      : value_(value), walk_(parent.walk_), parent_(&parent), index_(index) {}

  const boost::json::value& value() const { return value_; }
  Walk& walk() const { return walk_; }

  // RFC 6901; empty for the root.
  std::string Pointer() const;
  std::string PointerTo(std::string_view member) const;
  // bad_type at this place. `expected` completes "must be …".
  absl::Status BadType(std::string_view expected) const;
  // too_many_changes at this place, an array.
  absl::Status TooMany(size_t size, size_t max) const;

 private:
  const boost::json::value& value_;
  Walk& walk_;
  const Node* parent_ = nullptr;
  std::string_view name_;
  size_t index_ = 0;
};

// Parses `body` and gives its root to `read`.
// malformed_json: not JSON, not UTF-8, nested too deep. bad_type: what `read` says. validation: every type is
// right and a required member is missing.
absl::Status ReadBody(std::string_view body, const std::function<absl::Status(const Node&)>& read);

// How one member of an object becomes one field of a message.
template <typename Message>
struct Member {
  std::string_view name;
  absl::Status (*read)(const Node& node, Message& message);
  bool required = false;
};

absl::Status ReadText(const Node& node, std::string& out);
// 1.0 and 1e3 are not integers, nor is what 64 bits do not hold.
absl::Status ReadInteger(const Node& node, int64_t& out);
absl::Status ReadFlag(const Node& node, bool& out);

// Reads the members in the order of the document, so that the first bad value is the one that is named.
template <typename Message>
absl::Status ReadMembers(const Node& node, std::span<const Member<Message>> members, Message& message) {
  const boost::json::object* object = node.value().if_object();
  if (object == nullptr) return node.BadType("an object");
  uint64_t seen = 0;
  for (const auto& [name, value] : *object) {
    for (size_t i = 0; i < members.size(); ++i) {
      if (members[i].name != std::string_view(name)) continue;
      seen |= uint64_t{1} << i;
      absl::Status status = members[i].read(Node(node, members[i].name, value), message);
      if (!status.ok()) return status;
    }
  }
  for (size_t i = 0; i < members.size() && node.walk().missing.empty(); ++i) {
    if (members[i].required && (seen >> i & 1) == 0) node.walk().missing = node.PointerTo(members[i].name);
  }
  return absl::OkStatus();
}

}  // namespace tidemark::gateway
