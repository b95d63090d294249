// One JSON object per line on standard error.
//
//   log::Info("listening", {{"address", address}, {"port", port}});
//   log::Warning("redis_lost", {{"request_id", id}, {"status", status.ToString()}});
//
// Every line has "time" (RFC 3339, UTC), "level", "process" and "event". Never log tokens, passwords or task
// content. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace tidemark::log {

enum class Level { kDebug, kInfo, kWarning, kError };

struct Field {
  Field(std::string_view field_key, std::string_view field_value)
      : key(field_key), value(std::string(field_value)) {}
  Field(std::string_view field_key, const std::string& field_value) : key(field_key), value(field_value) {}
  Field(std::string_view field_key, const char* field_value)
      : key(field_key), value(std::string(field_value)) {}
  Field(std::string_view field_key, int field_value) : key(field_key), value(int64_t{field_value}) {}
  Field(std::string_view field_key, int64_t field_value) : key(field_key), value(field_value) {}
  Field(std::string_view field_key, double field_value) : key(field_key), value(field_value) {}
  Field(std::string_view field_key, bool field_value) : key(field_key), value(field_value) {}

  std::string_view key;
  std::variant<std::string, int64_t, double, bool> value;
};

using Fields = std::initializer_list<Field>;

// Once, first thing in main. `process` e.g. "tidemark-sync"; `level` one of debug, info, warning, error.
void Start(std::string_view process, std::string_view level);

void Write(Level level, std::string_view event, Fields fields);
inline void Debug(std::string_view event, Fields fields = {}) { Write(Level::kDebug, event, fields); }
inline void Info(std::string_view event, Fields fields = {}) { Write(Level::kInfo, event, fields); }
inline void Warning(std::string_view event, Fields fields = {}) { Write(Level::kWarning, event, fields); }
inline void Error(std::string_view event, Fields fields = {}) { Write(Level::kError, event, fields); }

}  // namespace tidemark::log
