#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/text/counted.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/when.h"

namespace tidemark::cli {
namespace {

using client::SyncStatus;

// The messages of the library begin with the state.
std::string StateInWords(const SyncStatus& status, const Palette& palette) {
  const std::string message = Harmless(status.message);
  switch (status.state) {
    case SyncStatus::State::kOnline:
      return palette.Good("online") + (message.empty() ? "" : ": " + message);
    case SyncStatus::State::kDegraded:
      return palette.Bad(message.empty() ? "paused" : message);
    case SyncStatus::State::kOffline:
      return palette.Bad(message.empty() ? "offline" : message);
    case SyncStatus::State::kSignInNeeded:
      return palette.Bad(status.email.empty() ? "on this device alone: nobody is logged in yet"
                                              : "logged out: tidemark login");
  }
  return "";
}

// "1 conflict, 2 refused edits".
std::string TroubleInWords(const SyncStatus& status) {
  std::vector<std::string> parts;
  if (status.conflicts > 0) parts.push_back(Counted(status.conflicts, "conflict", "conflicts"));
  if (status.rejected > 0) parts.push_back(Counted(status.rejected, "refused edit", "refused edits"));
  return absl::StrJoin(parts, ", ");
}

std::string WaitingInWords(const SyncStatus& status, UnixMillis now) {
  if (status.pending == 0) return "nothing waits to be sent";
  const std::string oldest =
      status.oldest_pending ? absl::StrCat(", the oldest made ", Ago(*status.oldest_pending, now)) : "";
  return absl::StrCat(Counted(status.pending, "edit waits", "edits wait"), " to be sent", oldest,
                      status.overdue ? " (for more than a day!)" : "");
}

void SayToPerson(Context& context, const SyncStatus& status) {
  Console& console = context.console;
  const UnixMillis now{absl::ToUnixMillis(absl::Now())};
  console.Say(StateInWords(status, console.palette()));
  console.Say(absl::StrCat("account  ", status.email.empty() ? "none yet (tidemark register, tidemark login)"
                                                             : Harmless(status.email)));
  console.Say(absl::StrCat("service  ", Harmless(context.home.server)));
  console.Say(absl::StrCat("tasks in ", Harmless(context.home.folder.string())));
  console.Say(absl::StrCat("edits    ", WaitingInWords(status, now)));
  console.Say(
      absl::StrCat("synced   ", status.synced_at == UnixMillis{} ? "never" : Ago(status.synced_at, now)));
  if (status.conflicts + status.rejected > 0) {
    console.Say(absl::StrCat("told     ", TroubleInWords(status), ": tidemark conflicts"));
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
