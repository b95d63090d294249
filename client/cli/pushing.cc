#include "client/cli/pushing.h"

#include "absl/strings/str_cat.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/pick.h"
#include "client/cli/text/list.h"
#include "client/cli/text/when.h"
#include "common/status/error.h"

namespace tidemark::cli {
namespace {

// A person waits for the next prompt.
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr char kLater[] = "by the next edit, `tidemark sync` or `tidemark watch`";

std::string WhyNot(const absl::Status& status) {
  const Exit exit = ExitOf(status, Asked::kService);
  if (exit == Exit::kLogIn) return "Saved on this device. Log in to sync: tidemark login";
  const auto wait = exit == Exit::kRefused ? ErrorInfoOf(status).details.retry_after : std::nullopt;
  if (wait) {
    return absl::StrCat("Saved on this device; can be sent in ", InWords(*wait), ", ", kLater, ": ",
                        status.message());
  }
  if (exit == Exit::kUnreachable || exit == Exit::kRefused)
    return absl::StrCat("Saved on this device; will sync when the service can be reached, ", kLater,
                        status.message().empty() ? "." : ": ", status.message());
  return absl::StrCat("Saved on this device; could not be sent yet: ", status.message());
}

// After the sending: whether they still wait, and what the answer told of them.
std::vector<client::Task> AsTheyAreNow(Context& context, const std::vector<client::Task>& tasks) {
  const Names names(context);
  std::vector<client::Task> now;
  for (const client::Task& task : tasks) {
    const client::Task* known = names.Find(task.id);
    now.push_back(known == nullptr ? task : *known);
  }
  return now;
}

}  // namespace

std::string RemarkOn(const client::RunEnd& end) {
  std::string remark;
  if (end.how == client::RunEnd::How::kHeld)
    remark =
        "The service would have many of your tasks removed. See tidemark status, then tidemark agree or "
        "refuse.";
  const int told = end.conflicts + end.rejections;
  if (told > 0) {
    absl::StrAppend(&remark, remark.empty() ? "" : "\n", told, told == 1 ? " edit went" : " edits went",
                    " otherwise than meant. See tidemark conflicts.");
  }
  return remark;
}

Pushed Push(Context& context, absl::Duration patience) {
  if (context.args.offline)
    return {.sent = false, .remark = absl::StrCat("Saved on this device; to be sent ", kLater, ".")};
  const absl::StatusOr<client::RunEnd> end = context.manager.SyncIfDue(patience);
  if (!end.ok()) return {.sent = false, .remark = WhyNot(end.status())};
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  return {.sent = status.ok() && status->pending == 0, .remark = RemarkOn(*end)};
}

absl::StatusOr<Exit> SayEdited(Context& context, const std::string& did,
                               const std::vector<client::Task>& tasks) {
  Console& console = context.console;
  if (!console.json()) {
    const Names names(context);
    for (const client::Task& task : tasks)
      console.Say(absl::StrCat(did, " ", Named(task, names.ShortIdOf(task.id), console.palette())));
  }
  // The person reads it while it is sent.
  console.Flush();
  const Pushed pushed = Push(context, kPatience);
  if (console.json()) {
    console.Say(JsonObject()
                    .Add("did", did)
                    .AddJson("tasks", ToJson(AsTheyAreNow(context, tasks)))
                    .Add("sent", pushed.sent)
                    .Add("remark", pushed.remark)
                    .text());
  } else if (!pushed.remark.empty()) {
    console.Remark(pushed.remark);
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
