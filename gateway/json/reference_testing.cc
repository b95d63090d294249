#include "gateway/json/reference_testing.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <limits>

#include "common/text/utf8.h"

namespace tidemark::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = Exception::Kind;

constexpr std::string_view kPackage = "tidemark.v1.";
constexpr size_t kTextBytesMax = 24;
constexpr int64_t kElementsMax = 3;

constexpr Exception kExceptions[] = {
    {"SyncRequest.if_none_match", Kind::kNotInJson, "it is the header If-None-Match"},
    {"SyncRequest.changes", Kind::kNotEmpty, "an object without any member is a check"},
    {"Limits.message_bytes_max", Kind::kNotInJson, "HTTP has body_bytes_max and header_bytes_max"},
    {"Change.mutation_id", Kind::kNotInFull, "V1 does not number its changes"},
    {"Change.deleted_at", Kind::kNullIfZero, "null restores"},
    {"Task.deleted_at", Kind::kNullIfZero, "null is a live task"},
    {"BudgetUsage.budget", Kind::kNullIfAbsent, "null is unlimited"},
    {"SyncResponse.etag", Kind::kUnquoted, "the quotes belong to the header"},
    {"SyncResponse.page", Kind::kOnlyWith, "SPEC 3.3", "has_more"},
    {"SyncResponse.full_resync_reason", Kind::kOnlyWith, "SPEC 3.3", "full_resync"},
    {"SyncResponse.pull_deferred", Kind::kOnlyWith, "SPEC 3.3", "pull_deferred"},
    {"SyncResponse.retry_after", Kind::kOnlyWith, "SPEC 3.3", "pull_deferred"},
    {"SyncV1Response.full_resync", Kind::kOnlyWith, "SPEC 4", "full_resync"},
};

const Exception* ExceptionOf(const FieldDescriptor& field) {
  const std::string& name = field.full_name();
  const auto found = std::find_if(std::begin(kExceptions), std::end(kExceptions), [&](const Exception& row) {
    return name == std::string(kPackage) + std::string(row.field);
  });
  return found == std::end(kExceptions) ? nullptr : found;
}

// "WINNER_CLIENT" of Winner is "client".
std::string NameOf(const EnumValueDescriptor& value) {
  std::string prefix, name = value.name();
  for (const char c : value.type()->name()) {
    if (c >= 'A' && c <= 'Z' && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  if (name.starts_with(prefix + "_")) name.erase(0, prefix.size() + 1);
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

// What nobody sends is told as something that clients know.
std::string EnumJson(const Message& message, const FieldDescriptor& field) {
  const int number = message.GetReflection()->GetEnumValue(message, &field);
  const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
  if (value != nullptr && number != 0) return NameOf(*value);
  const std::string& type = field.enum_type()->name();
  return type == "Field" || type == "DependencyState" ? "unknown"
                                                      : NameOf(*field.enum_type()->FindValueByNumber(1));
}

std::string WithoutQuotes(const std::string& etag) {
  const bool quoted = etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
  return quoted ? etag.substr(1, etag.size() - 2) : etag;
}

// A oneof is the value of its member, or null.
boost::json::value FieldValueJson(const Message& message) {
  const FieldDescriptor* set =
      message.GetReflection()->GetOneofFieldDescriptor(message, message.GetDescriptor()->oneof_decl(0));
  if (set == nullptr) return nullptr;
  switch (set->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return boost::json::string(message.GetReflection()->GetString(message, set));
    case FieldDescriptor::CPPTYPE_BOOL:
      return message.GetReflection()->GetBool(message, set);
    default: {
      const int64_t time = message.GetReflection()->GetInt64(message, set);
      return time == 0 ? boost::json::value(nullptr) : boost::json::value(time);
    }
  }
}

boost::json::value ArrayJson(const Message& message, const FieldDescriptor& field, bool full_tasks) {
  boost::json::array array;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      array.push_back(
          ReferenceJson(message.GetReflection()->GetRepeatedMessage(message, &field, i), full_tasks));
    } else {
      array.emplace_back(message.GetReflection()->GetRepeatedString(message, &field, i));
    }
  }
  return array;
}

boost::json::value ValueJson(const Message& message, const FieldDescriptor& field, bool full_tasks) {
  if (field.is_repeated()) return ArrayJson(message, field, full_tasks);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ReferenceJson(message.GetReflection()->GetMessage(message, &field), full_tasks);
    case FieldDescriptor::CPPTYPE_STRING:
      return boost::json::string(message.GetReflection()->GetString(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return message.GetReflection()->GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return boost::json::string(EnumJson(message, field));
    default:
      return message.GetReflection()->GetInt64(message, &field);
  }
}

bool Flag(const Message& message, std::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  return message.GetReflection()->GetBool(message, field);
}

class ObjectMaker {
 public:
  ObjectMaker(const Message& message, bool full_tasks) : message_(message), full_tasks_(full_tasks) {
    const std::string& type = message.GetDescriptor()->name();
    full_ = full_tasks && (type == "Task" || type == "Change");
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      Add(*message.GetDescriptor()->field(i));
    }
    if (full_ && type == "Task" && !object_.contains("created_at")) {
      object_["created_at"] = object_.at("updated_at");
    }
  }

  boost::json::object Take() && { return std::move(object_); }

 private:
  void Add(const FieldDescriptor& field) {
    const Exception* exception = ExceptionOf(field);
    const bool has = !field.has_presence() || field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ||
                     message_.GetReflection()->HasField(message_, &field);
    boost::json::value value = ValueJson(message_, field, full_tasks_);
    if (exception == nullptr) return Put(field, has || (full_ && field.name() != "created_at"), value);
    switch (exception->kind) {
      case Kind::kNotInJson:
        return;
      case Kind::kNotInFull:
        return Put(field, has && !full_, value);
      case Kind::kNullIfZero:
        if (value == 0) value = nullptr;
        return Put(field, has || full_, value);
      case Kind::kNullIfAbsent:
        if (!has) value = nullptr;
        return Put(field, true, value);
      case Kind::kUnquoted:
        return Put(field, has,
                   boost::json::string(WithoutQuotes(message_.GetReflection()->GetString(message_, &field))));
      case Kind::kNotEmpty:
        return Put(field, !value.as_array().empty(), value);
      case Kind::kOnlyWith:
        return Put(field, Flag(message_, exception->with), value);
    }
  }

  void Put(const FieldDescriptor& field, bool there, const boost::json::value& value) {
    if (there) object_[field.name()] = value;
  }

  const Message& message_;
  bool full_tasks_;
  bool full_ = false;
  boost::json::object object_;
};

int64_t Integer(Source& source) {
  constexpr int64_t kExact = int64_t{1} << 53;
  constexpr int64_t kValues[] = {0,
                                 1,
                                 -1,
                                 kExact,
                                 kExact - 1,
                                 -kExact,
                                 std::numeric_limits<int64_t>::max(),
                                 std::numeric_limits<int64_t>::min(),
                                 1'735'689'600'000};
  const int64_t which = source.Number(std::ssize(kValues));
  return which < std::ssize(kValues) ? kValues[which] : source.Number(std::numeric_limits<int64_t>::max());
}

// Bytes that are no UTF-8 are taken for Latin-1.
std::string Text(Source& source) {
  const std::string bytes = source.Bytes(kTextBytesMax);
  if (text::IsUtf8(bytes)) return bytes;
  std::string utf8;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) utf8 += static_cast<char>(0xC0 | byte >> 6);
    utf8 += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  return utf8;
}

void FillElements(Message& message, const FieldDescriptor& field, Source& source) {
  for (int64_t left = source.Number(kElementsMax); left > 0; --left) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Fill(*message.GetReflection()->AddMessage(&message, &field), source);
    } else {
      message.GetReflection()->AddString(&message, &field, Text(source));
    }
  }
}

void FillField(Message& message, const FieldDescriptor& field, Source& source) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return FillElements(message, field, source);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(*reflection.MutableMessage(&message, &field), source);
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, Text(source));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, source.Number(1) == 1);
    case FieldDescriptor::CPPTYPE_ENUM:
      // One more than there are: a newer service knows more of them.
      return reflection.SetEnumValue(&message, &field,
                                     static_cast<int>(source.Number(field.enum_type()->value_count())));
    default:
      return reflection.SetInt64(&message, &field, Integer(source));
  }
}

}  // namespace

std::span<const Exception> Exceptions() { return kExceptions; }

boost::json::value ReferenceJson(const Message& message, bool full_tasks) {
  if (message.GetDescriptor()->name() == "FieldValue") return FieldValueJson(message);
  return ObjectMaker(message, full_tasks).Take();
}

void Fill(Message& message, Source& source) {
  const Descriptor& type = *message.GetDescriptor();
  if (type.real_oneof_decl_count() == 1) {
    const auto* oneof = type.oneof_decl(0);
    return FillField(message, *oneof->field(static_cast<int>(source.Number(oneof->field_count() - 1))),
                     source);
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const bool optional = type.field(i)->has_optional_keyword();
    if (!optional || source.Number(1) == 1) FillField(message, *type.field(i), source);
  }
}

}  // namespace tidemark::gateway
