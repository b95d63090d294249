// Colours, where they are wanted.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::cli {

class Palette {
 public:
  explicit Palette(bool is_on) : is_on_(is_on) {}

  std::string Id(std::string_view text) const { return In("33", text); }
  std::string Faint(std::string_view text) const { return In("2", text); }
  std::string Strong(std::string_view text) const { return In("1", text); }
  std::string Good(std::string_view text) const { return In("32", text); }
  std::string Bad(std::string_view text) const { return In("31", text); }

 private:
  std::string In(std::string_view code, std::string_view text) const {
    if (!is_on_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  bool is_on_;
};

}  // namespace tidemark::cli
