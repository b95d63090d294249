// One table per JSON object says which of its members are which fields of a message, for reading and for
// writing alike:
//
//   template <>
//   inline constexpr auto kShape<v1::Rejected> =
//       ShapeOf<v1::Rejected>(TIDEMARK_JSON(id).Required(), TIDEMARK_JSON(mutation_id), TIDEMARK_JSON(code));
//
//   std::string json = EncodeObject(kShape<v1::Rejected>, rejected);
//   absl::StatusOr<v1::Rejected> again = DecodeObject(json, kShape<v1::Rejected>);
//
// A member is named as its field. The field's type says how its value looks: text, number, true or false, an
// enum's name (kNames), the object of another message (kShape), or an array of these. An `optional` field
// that is absent is an absent member; everything else is always written. What differs is said in the table,
// by the methods of Field. Members are written in the order of the table, and read in any. For the .cc files
// of this folder, and for tests.
#pragma once

#include <google/protobuf/message.h>

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "common/status/error.h"
#include "gateway/json/reader.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {

struct NoShape {};

// The table of a message, where it stands inside another one.
template <typename Message>
inline constexpr NoShape kShape;

template <typename Enum>
struct EnumName {
  Enum value;
  std::string_view name;
};

// The names of an enum's values. What has none is told by the first.
template <typename Enum>
inline constexpr std::array<EnumName<Enum>, 0> kNames = {};

namespace shape_internal {

inline constexpr unsigned kRequired = 1, kAlways = 2, kNullIfZero = 4, kNullIfAbsent = 8;

// As the field's type has it.
struct Default {};

struct Whenever {
  bool operator()(const auto&) const { return true; }
};

template <typename Value>
concept NoMessage = !std::derived_from<std::remove_cvref_t<Value>, google::protobuf::Message>;

template <typename Enum>
std::string_view NameOf(Enum value) {
  for (const EnumName<Enum>& row : kNames<Enum>) {
    if (row.value == value) return row.name;
  }
  return kNames<Enum>.front().name;
}

template <typename Enum>
absl::Status ReadName(const Node& node, Enum& value) {
  std::string name;
  absl::Status status = ReadText(node, name);
  if (!status.ok()) return status;
  for (const EnumName<Enum>& row : kNames<Enum>) {
    if (row.name != name) continue;
    value = row.value;
    return absl::OkStatus();
  }
  return node.BadType("one of the names that are known");
}

}  // namespace shape_internal

// In the order of the document, so that the first bad value is the one that is named.
template <typename Shape, typename Message>
absl::Status ReadObject(const Node& node, const Shape&, Message& message) {
  return ReadMembers<Message>(node, Shape::kMembers, message);
}

template <typename Message>
absl::Status ReadMessage(const Node& node, Message& message) {
  return ReadObject(node, kShape<Message>, message);
}

// The members alone, into an open object.
template <typename Shape, typename Message>
void WriteMembers(JsonWriter& json, const Shape&, const Message& message) {
  Shape::Write(json, message);
}

template <typename Shape, typename Message>
void WriteObject(JsonWriter& json, const Shape& shape, const Message& message) {
  json.BeginObject();
  WriteMembers(json, shape, message);
  json.EndObject();
}

template <typename Message>
void WriteMessage(JsonWriter& json, const Message& message) {
  WriteObject(json, kShape<Message>, message);
}

// `Elements` is the table of the value or, in an array, of each element; Default: that of its type.
template <typename Elements = shape_internal::Default, typename Value>
void WriteValue(JsonWriter& json, const Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    json.Flag(value);
  } else if constexpr (std::same_as<Value, int64_t>) {
    json.Integer(value);
  } else if constexpr (std::is_enum_v<Value>) {
    json.Text(shape_internal::NameOf(value));
  } else if constexpr (std::convertible_to<const Value&, std::string_view>) {
    json.Text(value);
  } else if constexpr (!std::derived_from<Value, google::protobuf::Message>) {
    json.BeginArray();
    for (const auto& element : value) WriteValue<Elements>(json, element);
    json.EndArray();
  } else if constexpr (std::same_as<Elements, shape_internal::Default>) {
    WriteMessage(json, value);
  } else {
    WriteObject(json, Elements{}, value);
  }
}

template <typename Elements, size_t kElementsMax, typename Value>
absl::Status ReadArray(const Node& node, Value& value);

template <typename Elements, size_t kElementsMax = SIZE_MAX, typename Value>
absl::Status ReadValue(const Node& node, Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    return ReadFlag(node, value);
  } else if constexpr (std::same_as<Value, int64_t>) {
    return ReadInteger(node, value);
  } else if constexpr (std::is_enum_v<Value>) {
    return shape_internal::ReadName(node, value);
  } else if constexpr (std::same_as<Value, std::string>) {
    return ReadText(node, value);
  } else if constexpr (!std::derived_from<Value, google::protobuf::Message>) {
    return ReadArray<Elements, kElementsMax>(node, value);
  } else if constexpr (std::same_as<Elements, shape_internal::Default>) {
    return ReadMessage(node, value);
  } else {
    return ReadObject(node, Elements{}, value);
  }
}

// Too many elements are refused before any is read.
template <typename Elements, size_t kElementsMax, typename Value>
absl::Status ReadArray(const Node& node, Value& value) {
  const boost::json::array* array = node.value().if_array();
  if (array == nullptr) return node.BadType("an array");
  if (array->size() > kElementsMax) return node.TooMany(array->size(), kElementsMax);
  value.Reserve(static_cast<int>(array->size()));
  for (size_t i = 0; i < array->size(); ++i) {
    absl::Status status = ReadValue<Elements>(Node(node, i, (*array)[i]), *value.Add());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// One member. It has no state: what it does is in its type, so that a table costs nothing to go through.
template <typename Access, unsigned kTraits = 0, typename Elements = shape_internal::Default,
          size_t kElementsMax = SIZE_MAX, typename When = shape_internal::Whenever,
          typename Get = typename Access::Get>
class Field {
 public:
  // An object without it is refused. Told by whoever writes in any case.
  constexpr auto Required() const { return With<shape_internal::kRequired>(); }
  // Written also when it is absent, as its type's zero.
  constexpr auto Always() const { return With<shape_internal::kAlways>(); }
  // Null stands for 0.
  constexpr auto NullIfZero() const { return With<shape_internal::kNullIfZero>(); }
  // Always written: null stands for absent.
  constexpr auto NullIfAbsent() const { return With<shape_internal::kNullIfAbsent>(); }
  // The value, or each element of the array, has this table.
  template <typename Shape>
  constexpr auto As(Shape) const {
    return Field<Access, kTraits, Shape, kElementsMax, When, Get>{};
  }
  // Reading more elements is too_many_changes.
  template <size_t kMax>
  constexpr auto AtMost() const {
    return Field<Access, kTraits, Elements, kMax, When, Get>{};
  }
  // Written only if `condition` holds for the message.
  template <typename Condition>
  constexpr auto If(Condition) const {
    return Field<Access, kTraits, Elements, kElementsMax, Condition, Get>{};
  }
  // Written as what `get` makes of the message.
  template <typename Getter>
  constexpr auto From(Getter) const {
    return Field<Access, kTraits, Elements, kElementsMax, When, Getter>{};
  }

  static constexpr std::string_view Name() { return typename Access::Name{}(); }
  static constexpr bool kIsRequired = (kTraits & shape_internal::kRequired) != 0;

  template <typename Message>
  static void Write(JsonWriter& json, const Message& message) {
    if (!When{}(message)) return;
    const bool has = typename Access::Has{}(message);
    if (!Is(shape_internal::kAlways) && !Is(shape_internal::kNullIfAbsent) && !has) return;
    json.Key(Name());
    const auto& value = Get{}(message);
    if constexpr (Is(shape_internal::kNullIfZero)) {
      if (value == 0) return static_cast<void>(json.Null());
    }
    if (Is(shape_internal::kNullIfAbsent) && !has) return static_cast<void>(json.Null());
    WriteValue<Elements>(json, value);
  }

  template <typename Message>
  static absl::Status Read(const Node& node, Message& message) {
    if (Is(shape_internal::kNullIfAbsent) && node.value().is_null()) return absl::OkStatus();
    return typename Access::Change{}(message, [&node](auto& value) {
      if constexpr (Is(shape_internal::kNullIfZero)) {
        if (node.value().is_null()) {
          value = 0;
          return absl::OkStatus();
        }
      }
      return ReadValue<Elements, kElementsMax>(node, value);
    });
  }

 private:
  static constexpr bool Is(unsigned trait) { return (kTraits & trait) != 0; }
  template <unsigned kTrait>
  constexpr auto With() const {
    return Field<Access, kTraits | kTrait, Elements, kElementsMax, When, Get>{};
  }
};

template <typename MessageType, typename... Fields>
struct Shape {
  using Message = MessageType;

  static constexpr std::array<Member<Message>, sizeof...(Fields)> kMembers = {
      Member<Message>{Fields::Name(), &Fields::template Read<Message>, Fields::kIsRequired}...};
  static_assert(kMembers.size() <= 64, "ReadMembers marks those it has seen in 64 bits");

  static void Write(JsonWriter& json, const Message& message) { (Fields::Write(json, message), ...); }
};

template <typename Message, typename... Fields>
constexpr auto ShapeOf(Fields...) {
  return Shape<Message, Fields...>{};
}

template <typename Shape>
std::string EncodeObject(const Shape& shape, const typename Shape::Message& message) {
  JsonWriter json;
  WriteObject(json, shape, message);
  return std::move(json).Take();
}

// As ReadBody.
template <typename Shape>
absl::StatusOr<typename Shape::Message> DecodeObject(std::string_view body, const Shape& shape) {
  typename Shape::Message message;
  absl::Status status = ReadBody(body, [&](const Node& root) { return ReadObject(root, shape, message); });
  if (!status.ok()) return status;
  return message;
}

namespace shape_internal {

template <typename NameType, typename GetType, typename HasType, typename ChangeType>
struct FieldAccess {
  using Name = NameType;
  using Get = GetType;
  using Has = HasType;
  using Change = ChangeType;
};

template <typename Name, typename Get, typename Has, typename Change>
constexpr auto FieldOf(Name, Get, Has, Change) {
  return Field<FieldAccess<Name, Get, Has, Change>>{};
}

}  // namespace shape_internal

// The one place where a field and its member are named. A macro, because C++ has no other way from one name
// to the accessors that protobuf generates for it. A message inside another always counts as there.
#define TIDEMARK_JSON(field)                                                                   \
  ::tidemark::gateway::shape_internal::FieldOf(                                                \
      [] { return std::string_view(#field); },                                                 \
      [](const auto& message) -> decltype(auto) { return message.field(); },                   \
      [](const auto& message) {                                                                \
        if constexpr (requires {                                                               \
                        message.has_##field();                                                 \
                        { message.field() } -> ::tidemark::gateway::shape_internal::NoMessage; \
                      }) {                                                                     \
          return message.has_##field();                                                        \
        } else {                                                                               \
          return true;                                                                         \
        }                                                                                      \
      },                                                                                       \
      [](auto& message, const auto& read) -> absl::Status {                                    \
        if constexpr (requires { message.mutable_##field(); }) {                               \
          return read(*message.mutable_##field());                                             \
        } else {                                                                               \
          auto value = message.field();                                                        \
          absl::Status status = read(value);                                                   \
          if (status.ok()) message.set_##field(value);                                         \
          return status;                                                                       \
        }                                                                                      \
      })

}  // namespace tidemark::gateway
