#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/when.h"

namespace tidemark::cli {
namespace {

using client::SyncStatus;

std::string StateInWords(const SyncStatus& status, const Palette& palette) {
  switch (status.state) {
    case SyncStatus::State::kOnline:
      return palette.Good("online");
    case SyncStatus::State::kDegraded:
      return palette.Bad("paused");
    case SyncStatus::State::kOffline:
      return palette.Bad("offline");
    case SyncStatus::State::kSignInNeeded:
      return palette.Bad("logged out");
  }
  return "";
}

std::string WaitingInWords(const SyncStatus& status, UnixMillis now) {
  if (status.pending == 0) return "nothing waits to be sent";
  const std::string oldest =
      status.oldest_pending ? absl::StrCat(", the oldest made ", Ago(*status.oldest_pending, now)) : "";
  return absl::StrCat(status.pending, status.pending == 1 ? " edit waits" : " edits wait", " to be sent",
                      oldest, status.overdue ? " (for more than a day!)" : "");
}

void SayToPerson(Context& context, const SyncStatus& status) {
  Console& console = context.console;
  const UnixMillis now{absl::ToUnixMillis(absl::Now())};
  console.Say(absl::StrCat(StateInWords(status, console.palette()), status.message.empty() ? "" : ": ",
                           Harmless(status.message)));
  console.Say(absl::StrCat("account  ", status.email.empty() ? "none yet (tidemark register, tidemark login)"
                                                             : Harmless(status.email)));
  console.Say(absl::StrCat("service  ", Harmless(context.home.server)));
  console.Say(absl::StrCat("tasks in ", Harmless(context.home.folder.string())));
  console.Say(absl::StrCat("edits    ", WaitingInWords(status, now)));
  console.Say(
      absl::StrCat("synced   ", status.synced_at == UnixMillis{} ? "never" : Ago(status.synced_at, now)));
  if (status.conflicts + status.rejected > 0) {
    console.Say(absl::StrCat("told     ", status.conflicts, " conflicts, ", status.rejected,
                             " refused edits: tidemark conflicts"));
  }
  if (status.held) {
    console.Say(absl::StrCat("held     an answer of the service would remove ", status.held->removes, " of ",
                             status.held->of, " tasks: tidemark agree, or tidemark refuse"));
  }
}

}  // namespace

absl::StatusOr<Exit> Status(Context& context) {
  const absl::StatusOr<SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  if (!context.console.json()) {
    SayToPerson(context, *status);
    return Exit::kDone;
  }
  context.console.Say(JsonObject()
                          .AddJson("status", ToJson(*status))
                          .Add("server", context.home.server)
                          .Add("home", context.home.folder.string())
                          .text());
  return Exit::kDone;
}

}  // namespace tidemark::cli
