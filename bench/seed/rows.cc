#include "bench/seed/rows.h"

#include "absl/strings/str_cat.h"

namespace tidemark::bench {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// A field's columns: value, version, stamp, device_id, updated_at, edited_at. A task lives since its first
// push, and its device's clock was right: so all its times are its stamp.
void AppendField(absl::string_view value, int64_t stamp, std::string& line) {
  absl::StrAppend(&line, "\t", value, "\t1\t", stamp, "\t", kDevice, "\t", stamp, "\t", stamp);
}

}  // namespace

const char kHeadTable[] = "sync.heads (user_id, high_water, live_count, version_sum)";

const char kTaskTable[] =
    "sync.tasks (user_id, id, version, stamp, created_at, updated_at, device_id, alive_since, "
    "content, content_version, content_stamp, content_device_id, content_updated_at, content_edited_at, "
    "completed, completed_version, completed_stamp, completed_device_id, completed_updated_at, "
    "completed_edited_at, "
    "pinned, pinned_version, pinned_stamp, pinned_device_id, pinned_updated_at, pinned_edited_at, "
    "deleted_at, deleted_at_version, deleted_at_stamp, deleted_at_device_id, deleted_at_updated_at, "
    "deleted_at_edited_at)";

const char kDeviceTable[] =
    "sync.devices (user_id, device_id, mutation_highest, applied_ids, applied_hashes, applied_rejected, "
    "cursor, last_seen)";

void AppendTask(std::string_view user, int64_t number, int64_t stamp, std::string_view content,
                std::string& lines) {
  absl::StrAppend(&lines, View(user), "\t", TaskName(number), "\t1\t", stamp, "\t", stamp, "\t", stamp, "\t",
                  kDevice, "\t", stamp);
  AppendField(View(content), stamp, lines);
  AppendField("f", stamp, lines);
  AppendField("f", stamp, lines);
  AppendField("0", stamp, lines);
  lines.append("\n");
}

void AppendTasks(std::string_view user, int64_t tasks, UnixMillis pushed_at, std::string& lines) {
  for (int64_t number = 1; number <= tasks; ++number) {
    AppendTask(user, number, pushed_at.value - tasks + number, TaskContent(number, 1), lines);
  }
}

DeviceState StateAfter(int64_t tasks, UnixMillis pushed_at) {
  return {.live_count = tasks, .cursor = pushed_at.value, .version_sum = tasks, .edits = 0};
}

std::string HeadLine(std::string_view user, const DeviceState& state) {
  return absl::StrCat(View(user), "\t", state.cursor, "\t", state.live_count, "\t", state.version_sum, "\n");
}

std::string DeviceLine(std::string_view user, const DeviceState& state) {
  return absl::StrCat(View(user), "\t", kDevice, "\t", state.live_count, "\t{}\t{}\t{}\t", state.cursor, "\t",
                      state.cursor, "\n");
}

}  // namespace tidemark::bench
