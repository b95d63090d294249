#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/pick.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/when.h"
#include "client/cli/text/width.h"

namespace tidemark::cli {
namespace {

using client::HistoryEntry;

std::string ToJson(const HistoryEntry& entry) {
  return JsonObject()
      .Add("field", NameOf(entry.field))
      .AddJson("value", cli::ToJson(entry.value))
      .Add("version", entry.version.value)
      .Add("updated_at", entry.updated_at.value)
      .Add("device_id", entry.device.value())
      .Add("at", entry.at.value)
      .Add("reason", NameOf(entry.reason))
      .text();
}

std::string Line(const HistoryEntry& entry, const DeviceId& own, const Palette& palette) {
  constexpr int kFieldWidth = 7, kReasonWidth = 11, kDeviceWidth = 15;
  return absl::StrCat(AtMinute(entry.updated_at, absl::LocalTimeZone()), "  ",
                      Padded(InWords(entry.field), kFieldWidth), "  ",
                      palette.Faint(Padded(NameOf(entry.reason), kReasonWidth)), "  ",
                      palette.Faint(Padded(InWords(entry.device, own), kDeviceWidth)), "  ",
                      Harmless(InWords(entry.field, entry.value)));
}

}  // namespace

absl::StatusOr<Exit> History(Context& context) {
  // A task may be deleted and still have a past.
  const absl::StatusOr<client::Task> task = PickOne(context, context.args.id, Among::kBoth);
  if (!task.ok()) return task.status();
  const absl::StatusOr<std::vector<HistoryEntry>> entries = context.manager.History(task->id);
  if (!entries.ok() && ExitOf(entries.status(), Asked::kService) != Exit::kNoSuchTask)
    return entries.status();
  std::vector<HistoryEntry> known = entries.ok() ? *entries : std::vector<HistoryEntry>{};
  Console& console = context.console;
  if (console.json()) {
    std::vector<std::string> each;
    for (const HistoryEntry& entry : known) each.push_back(ToJson(entry));
    console.Say(JsonObject().Add("id", task->id.value()).AddJson("history", JsonArray(each)).text());
    return Exit::kDone;
  }
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  // By when each value was given, the newest first.
  std::stable_sort(known.begin(), known.end(),
                   [](const HistoryEntry& a, const HistoryEntry& b) { return a.updated_at > b.updated_at; });
  for (const HistoryEntry& entry : known) console.Say(Line(entry, status->device, console.palette()));
  if (known.empty()) console.Remark("Nothing of this task was overwritten yet.");
  return Exit::kDone;
}

}  // namespace tidemark::cli
