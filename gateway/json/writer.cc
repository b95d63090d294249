#include "gateway/json/writer.h"

#include <array>
#include <charconv>
#include <cstring>

namespace tidemark::gateway {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool NeedsEscape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

// Whether any of eight bytes does: texts are long, and hardly any of them has one.
bool AnyNeedsEscape(const char* eight) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  uint64_t bytes;
  std::memcpy(&bytes, eight, sizeof bytes);
  // High bits are set where a byte is below n, or zero, and in none below the first such byte otherwise.
  const auto below = [](uint64_t word, uint64_t n) { return (word - kOnes * n) & ~word & kHighs; };
  return (below(bytes, 0x20) | below(bytes ^ (kOnes * '"'), 1) | below(bytes ^ (kOnes * '\\'), 1)) != 0;
}

// Where the first byte at or after `from` is that needs one; else the end.
size_t FindEscaped(std::string_view text, size_t from) {
  while (from + 8 <= text.size() && !AnyNeedsEscape(text.data() + from)) from += 8;
  while (from < text.size() && !NeedsEscape(static_cast<unsigned char>(text[from]))) ++from;
  return from;
}

void AppendEscape(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(c);
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHexDigits[c >> 4];
      out += kHexDigits[c & 0xf];
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  size_t from = 0;
  for (;;) {
    const size_t escaped = FindEscaped(text, from);
    out.append(text, from, escaped - from);
    if (escaped == text.size()) break;
    AppendEscape(out, static_cast<unsigned char>(text[escaped]));
    from = escaped + 1;
  }
  out += '"';
}

}  // namespace

void JsonWriter::Separate() {
  if (follows_) out_ += ',';
  follows_ = true;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  out_ += '{';
  follows_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  out_ += '}';
  follows_ = true;
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  out_ += '[';
  follows_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  out_ += ']';
  follows_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  Separate();
  out_.append(1, '"').append(name).append("\":");
  follows_ = false;
  return *this;
}

JsonWriter& JsonWriter::Text(std::string_view value) {
  Separate();
  AppendQuoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::Integer(int64_t value) {
  Separate();
  // The longest is -9223372036854775808.
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
  return *this;
}

JsonWriter& JsonWriter::Flag(bool value) {
  Separate();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Null() {
  Separate();
  out_ += "null";
  return *this;
}

}  // namespace tidemark::gateway
