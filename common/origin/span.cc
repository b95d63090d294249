#include "common/origin/span.h"

#include <optional>

#include "absl/random/random.h"

namespace tidemark {
namespace {

// 00-<trace id>-<parent id>-<flags>
constexpr size_t kTraceAt = 3;
constexpr size_t kParentAt = 36;
constexpr size_t kFlagsAt = 53;
constexpr size_t kLength = 55;
constexpr size_t kDigits = 16;
constexpr uint64_t kVersion = 0x00;
constexpr uint64_t kNoVersion = 0xff;
constexpr uint64_t kSampledFlag = 0x01;

constexpr char kHex[] = "0123456789abcdef";

std::optional<uint64_t> DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// Of at most 16 digits; lower case alone is valid.
std::optional<uint64_t> NumberOf(std::string_view digits) {
  uint64_t number = 0;
  for (const char c : digits) {
    const std::optional<uint64_t> digit = DigitOf(c);
    if (!digit) return std::nullopt;
    number = number << 4 | *digit;
  }
  return number;
}

void Write(uint64_t number, char* digits) {
  for (size_t i = kDigits; i-- > 0; number >>= 4) digits[i] = kHex[number & 0xf];
}

// The caller's span, whose own parent is not told.
std::optional<Span> Parse(std::string_view text) {
  if (text.size() < kLength) return std::nullopt;
  if (text[kTraceAt - 1] != '-' || text[kParentAt - 1] != '-' || text[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  const std::optional<uint64_t> version = NumberOf(text.substr(0, 2));
  if (!version || *version == kNoVersion) return std::nullopt;
  // Later versions may add to the end.
  const bool ends_well = text.size() == kLength || (*version != kVersion && text[kLength] == '-');
  if (!ends_well) return std::nullopt;
  const std::optional<uint64_t> high = NumberOf(text.substr(kTraceAt, kDigits));
  const std::optional<uint64_t> low = NumberOf(text.substr(kTraceAt + kDigits, kDigits));
  const std::optional<uint64_t> id = NumberOf(text.substr(kParentAt, kDigits));
  const std::optional<uint64_t> flags = NumberOf(text.substr(kFlagsAt, 2));
  if (!high || !low || !id || !flags) return std::nullopt;
  Span span{.trace = {*high, *low}, .id = {*id}, .sampled = (*flags & kSampledFlag) != 0};
  if (span.trace == TraceId() || span.id == SpanId()) return std::nullopt;
  return span;
}

uint64_t NewNumber() {
  // Seeding costs more than a call; ids must be distinct, not secret.
  thread_local absl::BitGen generator;
  return absl::Uniform<uint64_t>(absl::IntervalClosed, generator, 1, UINT64_MAX);
}

}  // namespace

SpanId NewSpanId() { return {NewNumber()}; }

Span SpanFrom(std::string_view traceparent) {
  Span span{.id = NewSpanId()};
  if (const std::optional<Span> caller = Parse(traceparent)) {
    span.trace = caller->trace;
    span.parent = caller->id;
    span.sampled = caller->sampled;
  } else {
    span.trace = {NewNumber(), NewNumber()};
    // Our log lines are what keeps it.
    span.sampled = true;
  }
  return span;
}

std::string Traceparent(const Span& span) {
  std::string text(kLength, '-');
  text[0] = text[1] = '0';
  Write(span.trace.high, &text[kTraceAt]);
  Write(span.trace.low, &text[kTraceAt + kDigits]);
  Write(span.id.value, &text[kParentAt]);
  text[kFlagsAt] = '0';
  text[kFlagsAt + 1] = span.sampled ? '1' : '0';
  return text;
}

std::array<char, 32> Hex(TraceId id) {
  std::array<char, 32> digits;
  Write(id.high, digits.data());
  Write(id.low, digits.data() + kDigits);
  return digits;
}

std::array<char, 16> Hex(SpanId id) {
  std::array<char, 16> digits;
  Write(id.value, digits.data());
  return digits;
}

}  // namespace tidemark
