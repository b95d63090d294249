#include "common/pg/array_literal.h"

#include <array>
#include <charconv>

namespace tidemark::pg {

void ArrayLiteral::Add(std::string_view element) {
  std::string quoted = "\"";
  for (char c : element) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  AddBare(quoted);
}

void ArrayLiteral::Add(int64_t element) { AddBare(std::to_string(element)); }

void ArrayLiteral::Add(bool element) { AddBare(element ? "true" : "false"); }

void ArrayLiteral::Add(double element) { AddBare(DoubleText(element)); }

void ArrayLiteral::AddNull() { AddBare("NULL"); }

void ArrayLiteral::AddBare(std::string_view element) {
  if (!elements_.empty()) elements_ += ',';
  elements_ += element;
}

std::string DoubleText(double value) {
  std::array<char, 32> buffer;
  char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

}  // namespace tidemark::pg
