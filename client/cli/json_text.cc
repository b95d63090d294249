#include "client/cli/json_text.h"

#include <boost/json.hpp>

#include "client/cli/text/harmless.h"

namespace tidemark::cli {

std::string JsonString(std::string_view text) {
  return HarmlessJson(boost::json::serialize(boost::json::string_view(text.data(), text.size())));
}

std::string JsonArray(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const std::string& value : values) {
    if (text.size() > 1) text += ",";
    text += value;
  }
  return text + "]";
}

JsonObject& JsonObject::AddJson(std::string_view name, std::string_view value) {
  if (!fields_.empty()) fields_ += ",";
  fields_ += JsonString(name);
  fields_ += ":";
  fields_ += value;
  return *this;
}

}  // namespace tidemark::cli
