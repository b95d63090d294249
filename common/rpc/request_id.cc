#include "common/rpc/request_id.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace tidemark::rpc {
namespace {

constexpr size_t kLengthMax = 128;

bool IsVisible(char c) { return c >= 0x21 && c <= 0x7E; }

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kLengthMax && std::all_of(text.begin(), text.end(), IsVisible);
}

std::string NewRequestId() {
  // Seeding costs more than a call; ids must be distinct, not secret.
  thread_local absl::BitGen generator;
  return absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(generator), absl::kZeroPad16));
}

}  // namespace

std::string RequestIdOr(std::string_view given) {
  return IsRequestId(given) ? std::string(given) : NewRequestId();
}

}  // namespace tidemark::rpc
