#include "bench/users/device.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::bench {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Etag(int64_t live_count, int64_t cursor, int64_t version_sum) {
  return absl::StrCat("\"", live_count, "-", cursor, "-", version_sum, "\"");
}

}  // namespace

std::string EmailOf(std::string_view user) { return absl::StrCat(View(user), "@bench.example"); }

std::string TaskName(int64_t number) { return absl::StrCat("task-", number); }

std::string TaskContent(int64_t number, int64_t version) {
  return absl::StrCat("Task ", number, " as of edit ", version, ", of the length that tasks often have");
}

std::string EtagOf(const DeviceState& state) {
  return Etag(state.live_count, state.cursor, state.version_sum);
}

std::string StaleEtagOf(const DeviceState& state) {
  return Etag(state.live_count, state.cursor - 1, state.version_sum - 1);
}

std::optional<DeviceState> WithEtag(DeviceState state, std::string_view etag) {
  if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"') return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(View(etag.substr(1, etag.size() - 2)), '-');
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &state.live_count) ||
      !absl::SimpleAtoi(parts[1], &state.cursor) || !absl::SimpleAtoi(parts[2], &state.version_sum)) {
    return std::nullopt;
  }
  return state;
}

Edit NextEdit(int64_t edits, int64_t tasks) {
  return {.task = edits % tasks + 1, .version = edits / tasks + 2, .mutation = tasks + edits + 1};
}

}  // namespace tidemark::bench
