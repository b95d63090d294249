// What holds for each decoder of a request, whatever the body.
#pragma once

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "gateway/json/shape.h"
#include "gateway/json/sync_codec.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {

// How deep a JSON document is, by its brackets.
inline size_t DepthOf(std::string_view json) {
  size_t depth = 0, deepest = 0;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') in_text = !in_text;
    if (in_text && json[i] == '\\') ++i;
    if (in_text) continue;
    if (json[i] == '{' || json[i] == '[') deepest = std::max(deepest, ++depth);
    if (json[i] == '}' || json[i] == ']') --depth;
  }
  return deepest;
}

// Nothing: not JSON.
inline std::optional<boost::json::value> Parse(std::string_view body) {
  boost::json::parse_options options;
  options.max_depth = gateway::kNestingMax;
  boost::json::error_code error;
  boost::json::value document = boost::json::parse(body, error, {}, options);
  if (error) return std::nullopt;
  return document;
}

// The value at a pointer, or null.
inline const boost::json::value* Find(const boost::json::value& document, std::string_view pointer) {
  boost::json::error_code error;
  return document.find_pointer(pointer, error);
}

inline void CheckRefusal(std::string_view body, const absl::Status& status) {
  const ErrorInfo info = ErrorInfoOf(status);
  const std::string& pointer = info.details.pointer;
  Require(text::IsUtf8(std::string_view(status.message().data(), status.message().size())),
          "a refusal is told in UTF-8");
  const std::optional<boost::json::value> document = Parse(body);
  if (info.code == Code::kMalformedJson) {
    return Require(!document.has_value() && pointer.empty(), "what is JSON is not malformed_json");
  }
  Require(document.has_value(), "what is not JSON is malformed_json");
  if (info.code == Code::kBadType) {
    Require(Find(*document, pointer) != nullptr, "bad_type points at a value of the document");
  } else if (info.code == Code::kValidation) {
    const size_t slash = pointer.rfind('/');
    Require(slash != std::string::npos, "validation points at a member");
    const boost::json::value* object = Find(*document, std::string_view(pointer).substr(0, slash));
    Require(object != nullptr && object->is_object(),
            "what is missing is missing in an object of the document");
    Require(!object->get_object().contains(std::string_view(pointer).substr(slash + 1)),
            "what is said to be missing is not there");
  } else {
    Require(info.code == Code::kTooManyChanges, "a refusal has a code of the SPEC");
    const boost::json::value* changes = Find(*document, "/changes");
    Require(changes != nullptr && changes->is_array() && changes->get_array().size() > gateway::kChangesMax,
            "too_many_changes counts them");
  }
}

// Every member of the document that the message knows has the message's value there. `message_json` is the
// message as its table writes it.
inline void CheckAgreement(const boost::json::value& document, const boost::json::value& message_json) {
  if (const boost::json::object* members = message_json.if_object()) {
    const boost::json::object* object = document.if_object();
    Require(object != nullptr, "an object was read from an object");
    for (const auto& [name, value] : *members) {
      if (const boost::json::value* in_document = object->if_contains(name)) {
        CheckAgreement(*in_document, value);
      } else {
        Require(value == 0 || value.is_null() || value == "" || value == boost::json::array(),
                "what the document does not name is absent or zero");
      }
    }
  } else if (const boost::json::array* elements = message_json.if_array()) {
    Require(document.is_array() && document.get_array().size() == elements->size(),
            "an array was read from an array of its length");
    for (size_t i = 0; i < elements->size(); ++i) CheckAgreement(document.get_array()[i], (*elements)[i]);
  } else {
    // deleted_at: 0 is the same as null.
    Require(document == message_json || (document == 0 && message_json.is_null()), "a value is read exactly");
  }
}

template <typename Message, typename Shape>
void CheckDecoder(std::string_view body, absl::StatusOr<Message> (*decode)(std::string_view),
                  const Shape& shape) {
  const absl::StatusOr<Message> message = decode(body);
  if (!message.ok()) return CheckRefusal(body, message.status());

  const std::string json = gateway::EncodeObject(shape, *message);
  const std::optional<boost::json::value> written = Parse(json);
  Require(text::IsUtf8(json) && written.has_value(), "what is written is JSON in UTF-8");
  const absl::StatusOr<Message> again = decode(json);
  Require(again.ok(), "what was read can be written and read anew");
  Require(google::protobuf::util::MessageDifferencer::Equals(*again, *message),
          "what is written and read anew is equal");
  Require(Message().ParseFromString(message->SerializeAsString()), "the message can travel");

  if (body.empty()) return;
  Require(DepthOf(body) <= gateway::kNestingMax, "nesting is bounded");
  const std::optional<boost::json::value> document = Parse(body);
  Require(document.has_value(), "what is not JSON is refused");
  CheckAgreement(*document, *written);
}

}  // namespace tidemark::fuzz
