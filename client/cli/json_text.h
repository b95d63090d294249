// JSON, written field by field.
//
//   JsonObject().Add("id", task.id.value()).Add("done", true).text()   →   {"id":"…","done":true}
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::cli {

std::string JsonString(std::string_view text);
// `values` are JSON.
std::string JsonArray(const std::vector<std::string>& values);

class JsonObject {
 public:
  JsonObject& Add(std::string_view name, std::string_view value) { return AddJson(name, JsonString(value)); }
  JsonObject& Add(std::string_view name, const char* value) { return Add(name, std::string_view(value)); }
  JsonObject& Add(std::string_view name, bool value) { return AddJson(name, value ? "true" : "false"); }
  template <std::integral T>
  JsonObject& Add(std::string_view name, T value) {
    return AddJson(name, std::to_string(value));
  }
  // `value` is JSON.
  JsonObject& AddJson(std::string_view name, std::string_view value);

  std::string text() const { return "{" + fields_ + "}"; }

 private:
  std::string fields_;
};

}  // namespace tidemark::cli
