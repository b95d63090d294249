#include "common/origin/origin.h"

#include <algorithm>

namespace tidemark {
namespace {

constexpr size_t kLengthMax = 128;

bool IsVisible(char c) { return c >= 0x21 && c <= 0x7E; }

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kLengthMax && std::all_of(text.begin(), text.end(), IsVisible);
}

}  // namespace

Origin OriginOf(std::string_view request_id, std::string_view traceparent) {
  Origin origin{.span = SpanFrom(traceparent)};
  if (IsRequestId(request_id)) {
    origin.request_id = request_id;
  } else {
    const std::array<char, 16> made = Hex(NewSpanId());
    origin.request_id.assign(made.begin(), made.end());
  }
  return origin;
}

}  // namespace tidemark
