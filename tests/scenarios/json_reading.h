// Reading scenario files, which are ours: what is wrong with one ends the test with its place.
#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::scenarios {

namespace json = boost::json;

// Nothing: absent.
inline const json::value* Find(const json::object& object, const char* name) {
  return object.if_contains(name);
}

inline double Number(const json::value& value) { return value.to_number<double>(); }

inline absl::Duration Seconds(const json::value& value) {
  return absl::Milliseconds(std::llround(Number(value) * 1'000));
}

inline std::string Text(const json::value& value) { return std::string(value.as_string()); }

inline std::optional<absl::Duration> MaybeSeconds(const json::object& object, const char* name) {
  const json::value* const found = Find(object, name);
  return found ? std::optional(Seconds(*found)) : std::nullopt;
}

inline std::optional<std::string> MaybeText(const json::object& object, const char* name) {
  const json::value* const found = Find(object, name);
  return found && found->is_string() ? std::optional(Text(*found)) : std::nullopt;
}

inline bool Flag(const json::object& object, const char* name, bool otherwise = false) {
  const json::value* const found = Find(object, name);
  return found ? found->as_bool() : otherwise;
}

// A misspelt member would make a scenario say less than it seems to.
inline void OnlyHas(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const json::key_value_pair& member : object) {
    bool known = false;
    for (const std::string_view name : names) known = known || std::string_view(member.key()) == name;
    if (!known) throw std::runtime_error("unknown member " + std::string(member.key()));
  }
}

}  // namespace tidemark::scenarios
