// What JSON a message is to be, made by a walk over its descriptor instead of by the tables that it checks: a
// member per field, named as the field. What differs is a list of exceptions (Exceptions()), each with its
// reason. Slow, and for tests alone.
#pragma once

#include <google/protobuf/message.h>

#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>

namespace tidemark::gateway {

// Where a field is no member like the others.
struct Exception {
  enum class Kind {
    kNotInJson,
    // Not in the objects that carry every member of a task (Exceptions' fields of Change).
    kNotInFull,
    kNullIfZero,
    kNullIfAbsent,
    kUnquoted,
    // An empty array is an absent member.
    kNotEmpty,
    // Only where the flag `with` of the same message is true.
    kOnlyWith,
  };

  // Without "tidemark.v1.", e.g. "SyncResponse.page".
  std::string_view field;
  Kind kind;
  std::string_view why;
  std::string_view with = {};
};

std::span<const Exception> Exceptions();

// `full_tasks`: tasks and changes inside carry every member of SPEC 3.1, as in V1 and in an export.
boost::json::value ReferenceJson(const google::protobuf::Message& message, bool full_tasks = false);

// Where the numbers and texts of a made-up message come from.
class Source {
 public:
  virtual ~Source() = default;
  // 0 … max.
  virtual int64_t Number(int64_t max) = 0;
  virtual std::string Bytes(size_t size_max) = 0;
};

// Any message that protobuf can carry: fields are there or not, integers are extreme or not, texts are UTF-8.
// A oneof has a member set. Arrays have at most three elements.
void Fill(google::protobuf::Message& message, Source& source);

}  // namespace tidemark::gateway
