#include "gateway/json/reader.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

// Most bodies fit; larger ones go on to the heap.
constexpr size_t kDocumentOnStackBytes = 4096;

absl::Status Malformed(size_t offset, const boost::json::error_code& error) {
  return Error(Code::kMalformedJson,
               "Not JSON at byte " + std::to_string(offset) + ": " + error.message() + ".");
}

}  // namespace

std::string Node::Pointer() const {
  if (parent_ == nullptr) return "";
  // Our own names hold neither '~' nor '/', so nothing is to be escaped.
  if (name_.empty()) return parent_->Pointer() + "/" + std::to_string(index_);
  return parent_->PointerTo(name_);
}

std::string Node::PointerTo(std::string_view member) const { return Pointer() + "/" + std::string(member); }

absl::Status Node::BadType(std::string_view expected) const {
  const std::string pointer = Pointer();
  return Error(Code::kBadType,
               (pointer.empty() ? "The body" : pointer) + " must be " + std::string(expected) + ".",
               {.pointer = pointer});
}

absl::Status Node::TooMany(size_t size, size_t max) const {
  return Error(Code::kTooManyChanges, std::to_string(size) + " " + std::string(name_) + "; at most " +
                                          std::to_string(max) + " go in one request.");
}

absl::Status ReadBody(std::string_view body, const std::function<absl::Status(const Node&)>& read) {
  std::array<unsigned char, kDocumentOnStackBytes> stack;
  boost::json::monotonic_resource memory(stack.data(), stack.size());
  boost::json::parse_options options;
  options.max_depth = kNestingMax;
  boost::json::parser parser(&memory, options);
  boost::json::error_code error;
  const size_t consumed = parser.write(body.data(), body.size(), error);
  if (error) return Malformed(consumed, error);

  const boost::json::value document = parser.release();
  Walk walk;
  absl::Status status = read(Node(document, walk));
  if (!status.ok()) return status;
  if (walk.missing.empty()) return absl::OkStatus();
  return Error(Code::kValidation, walk.missing + " is missing.", {.pointer = walk.missing});
}

absl::Status ReadText(const Node& node, std::string& out) {
  const boost::json::string* text = node.value().if_string();
  if (text == nullptr) return node.BadType("a string");
  out.assign(text->data(), text->size());
  return absl::OkStatus();
}

absl::Status ReadInteger(const Node& node, int64_t& out) {
  const int64_t* number = node.value().if_int64();
  if (number == nullptr) return node.BadType("a 64-bit integer");
  out = *number;
  return absl::OkStatus();
}

absl::Status ReadFlag(const Node& node, bool& out) {
  const bool* flag = node.value().if_bool();
  if (flag == nullptr) return node.BadType("true or false");
  out = *flag;
  return absl::OkStatus();
}

}  // namespace tidemark::gateway
