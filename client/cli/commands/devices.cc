#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/when.h"

namespace tidemark::cli {
namespace {

using client::DeviceStatus;

std::string ToJson(const DeviceStatus& device, bool is_this) {
  return JsonObject()
      .Add("device_id", device.device.value())
      .Add("this", is_this)
      .Add("last_seen", device.last_seen.value)
      .Add("up_to_date", device.up_to_date)
      .Add("changes_behind", device.changes_behind)
      .text();
}

std::string Line(const DeviceStatus& device, bool is_this, const Palette& palette) {
  const UnixMillis now{absl::ToUnixMillis(absl::Now())};
  const std::string behind =
      device.up_to_date ? palette.Good("up to date")
                        : absl::StrCat(device.changes_behind,
                                       device.changes_behind == 1 ? " change behind" : " changes behind");
  return absl::StrCat(palette.Id(Harmless(device.device.value())), "  ", behind, ", seen ",
                      Ago(device.last_seen, now), is_this ? "  (this device)" : "");
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
      console.Say(Line(device, is_this, console.palette()));
    }
  }
  if (console.json()) console.Say(JsonObject().AddJson("devices", JsonArray(each)).text());
  return Exit::kDone;
}

}  // namespace tidemark::cli
