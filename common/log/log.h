// One JSON object per line on standard error.
//
//   log::Info("listening", {{"address", address}, {"port", port}});
//   log::Warning("answer_broke_off", {{"status", status.ToString()}}, call.origin);
//
// Every line has "time" (RFC 3339, UTC), "level", "process" and "event"; one that is written on behalf of a
// request also its origin: "request_id", "trace_id", "span_id", "parent_span_id" if there is one. Never log
// tokens, passwords or task content. Lines of debug and info are written within moments, together; others at
// once. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "common/origin/origin.h"

namespace tidemark::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// Names the text that it is made of, so it lives no longer than the expression that logs it.
struct Field {
  Field(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
  Field(std::string_view field_key, const std::string& text) : key(field_key), value(text) {}
  Field(std::string_view field_key, const char* text) : key(field_key), value(text) {}
  Field(std::string_view field_key, int number) : key(field_key), value(int64_t{number}) {}
  Field(std::string_view field_key, int64_t number) : key(field_key), value(number) {}
  Field(std::string_view field_key, double number) : key(field_key), value(number) {}
  Field(std::string_view field_key, bool truth) : key(field_key), value(truth) {}

  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;
};

using Fields = std::initializer_list<Field>;

// Once, first thing in main. `process` e.g. "tidemark-sync"; `level` one of debug, info, warning, error.
void Start(std::string_view process, std::string_view level);

void Write(Level level, std::string_view event, Fields fields, const Origin& origin = {});
inline void Debug(std::string_view event, Fields fields = {}, const Origin& origin = {}) {
  Write(Level::kDebug, event, fields, origin);
}
inline void Info(std::string_view event, Fields fields = {}, const Origin& origin = {}) {
  Write(Level::kInfo, event, fields, origin);
}
inline void Warning(std::string_view event, Fields fields = {}, const Origin& origin = {}) {
  Write(Level::kWarning, event, fields, origin);
}
inline void Error(std::string_view event, Fields fields = {}, const Origin& origin = {}) {
  Write(Level::kError, event, fields, origin);
}

}  // namespace tidemark::log
