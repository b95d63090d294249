#include "common/log/line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "common/text/utf8.h"

namespace tidemark::log {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void AppendEscaped(std::string& out, char character) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(character) >= 0x20) {
    out += character;
    return;
  }
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u00";
  out += kHex[character >> 4];
  out += kHex[character & 0xF];
}

bool IsPlain(char character) {
  return character >= 0x20 && character < 0x7F && character != '"' && character != '\\';
}

void AppendString(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    // Most texts are plain from end to end.
    const size_t plain = std::find_if_not(text.begin(), text.end(), IsPlain) - text.begin();
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const size_t length = text::FirstCharacterLength(text);
    if (length == 0) {
      out += kReplacement;
    } else if (length == 1) {
      AppendEscaped(out, text[0]);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

template <typename Number>
void AppendNumber(std::string& out, Number number) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), number);
  out.append(digits, end.ptr);
}

void AppendValue(std::string& out, std::string_view value) { AppendString(out, value); }
void AppendValue(std::string& out, int64_t value) { AppendNumber(out, value); }
void AppendValue(std::string& out, bool value) { out += value ? "true" : "false"; }
void AppendValue(std::string& out, double value) {
  if (std::isfinite(value)) {
    AppendNumber(out, value);
  } else {
    out += "null";
  }
}

void AppendMember(std::string& out, std::string_view key, std::string_view value) {
  out += ',';
  AppendString(out, key);
  out += ':';
  AppendString(out, value);
}

template <size_t kDigits>
void AppendHex(std::string& out, std::string_view key, const std::array<char, kDigits>& digits) {
  AppendMember(out, key, {digits.data(), digits.size()});
}

void AppendOrigin(std::string& out, const Origin& origin) {
  if (!origin.request_id.empty()) AppendMember(out, "request_id", origin.request_id);
  if (!origin.span.exists()) return;
  AppendHex(out, "trace_id", Hex(origin.span.trace));
  AppendHex(out, "span_id", Hex(origin.span.id));
  if (origin.span.parent != SpanId()) AppendHex(out, "parent_span_id", Hex(origin.span.parent));
}

// RFC 3339. A second's text is made once.
void AppendTime(std::string& out, absl::Time time) {
  thread_local absl::Time second = absl::InfinitePast();
  thread_local std::string text;
  const absl::Time whole = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  if (whole != second) {
    text = absl::FormatTime("%Y-%m-%d%ET%H:%M:%S", whole, absl::UTCTimeZone());
    second = whole;
  }
  const int64_t millis = absl::ToInt64Milliseconds(time - whole);
  const char fraction[] = {'.', static_cast<char>('0' + millis / 100),
                           static_cast<char>('0' + millis / 10 % 10), static_cast<char>('0' + millis % 10),
                           'Z'};
  out += text;
  out.append(fraction, sizeof(fraction));
}

}  // namespace

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

std::string FormatLine(absl::Time time, Level level, std::string_view process, std::string_view event,
                       Fields fields, const Origin& origin) {
  std::string line;
  line.reserve(512);
  line += R"({"time":")";
  AppendTime(line, time);
  line += '"';
  AppendMember(line, "level", LevelName(level));
  AppendMember(line, "process", process);
  AppendMember(line, "event", event);
  AppendOrigin(line, origin);
  for (const Field& field : fields) {
    line += ',';
    AppendString(line, field.key);
    line += ':';
    std::visit([&line](const auto& value) { AppendValue(line, value); }, field.value);
  }
  line += "}\n";
  return line;
}

}  // namespace tidemark::log
