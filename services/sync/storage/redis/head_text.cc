#include "services/sync/storage/redis/head_text.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::sync {

std::string FormatHead(const Head& head) {
  return absl::StrCat(head.live_count, "-", head.high_water.value, "-", head.version_sum);
}

std::optional<Head> ParseHead(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(absl::string_view(text.data(), text.size()), '-');
  Head head;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &head.live_count) ||
      !absl::SimpleAtoi(parts[1], &head.high_water.value) || !absl::SimpleAtoi(parts[2], &head.version_sum)) {
    return std::nullopt;
  }
  return head;
}

}  // namespace tidemark::sync
