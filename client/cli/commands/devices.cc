#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/text/counted.h"
#include "client/cli/text/when.h"
#include "client/cli/text/width.h"

namespace tidemark::cli {
namespace {

using client::DeviceStatus;

// "device 1a2b3c4d".
constexpr int kNameWidth = 15;

std::string ToJson(const DeviceStatus& device, bool is_this) {
  return JsonObject()
      .Add("device_id", device.device.value())
      .Add("this", is_this)
      .Add("last_seen", device.last_seen.value)
      .Add("up_to_date", device.up_to_date)
      .Add("changes_behind", device.changes_behind)
      .text();
}

// How far this one has got it knows better than the service, which hears of it with the next sync.
std::string Line(const DeviceStatus& device, const client::SyncStatus& own, const Palette& palette) {
  const UnixMillis now{absl::ToUnixMillis(absl::Now())};
  const std::string name = palette.Id(Padded(InWords(device.device, own.device), kNameWidth));
  if (device.device == own.device) {
    const std::string waits = own.pending == 0
                                  ? palette.Good("nothing waits to be sent")
                                  : Counted(own.pending, "edit waits", "edits wait") + " to be sent";
    return absl::StrCat(name, "  ", waits);
  }
  const std::string behind = device.up_to_date
                                 ? palette.Good("up to date")
                                 : Counted(device.changes_behind, "change behind", "changes behind");
  return absl::StrCat(name, "  ", behind, ", seen ", Ago(device.last_seen, now));
}

}  // namespace

absl::StatusOr<Exit> Devices(Context& context) {
  const absl::StatusOr<std::vector<DeviceStatus>> devices = context.manager.Devices();
  if (!devices.ok()) return devices.status();
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  Console& console = context.console;
  std::vector<std::string> each;
  for (const DeviceStatus& device : *devices) {
    const bool is_this = device.device == status->device;
    if (console.json()) {
      each.push_back(ToJson(device, is_this));
    } else {
      console.Say(Line(device, *status, console.palette()));
    }
  }
  if (console.json()) console.Say(JsonObject().AddJson("devices", JsonArray(each)).text());
  return Exit::kDone;
}

}  // namespace tidemark::cli
