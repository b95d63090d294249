#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/progress.h"
#include "client/cli/pushing.h"
#include "client/cli/text/when.h"

namespace tidemark::cli {
namespace {

using client::RunEnd;

constexpr absl::Duration kPatience = absl::Minutes(10);

const char* NameOf(RunEnd::How how) {
  switch (how) {
    case RunEnd::How::kComplete:
      return "complete";
    case RunEnd::How::kDeferred:
      return "deferred";
    case RunEnd::How::kHeld:
      return "held";
    case RunEnd::How::kFailed:
      return "failed";
  }
  return "";
}

absl::StatusOr<RunEnd> SyncNow(Context& context) {
  const Progress progress(context);
  return context.manager.SyncNow(kPatience);
}

void SayEnd(Console& console, const RunEnd& end) {
  if (console.json()) {
    console.Say(JsonObject()
                    .Add("how", NameOf(end.how))
                    .Add("pushed", end.pushed)
                    .Add("pulled", end.pulled)
                    .Add("conflicts", end.conflicts)
                    .Add("rejected", end.rejections)
                    .text());
    return;
  }
  if (end.how == RunEnd::How::kHeld) {
    console.Say(absl::StrCat("sent ", end.pushed, "; what came is held, and nothing is changed here by it"));
  } else {
    console.Say(end.pushed + end.pulled == 0 ? std::string("up to date")
                                             : absl::StrCat("sent ", end.pushed, ", received ", end.pulled));
  }
  if (end.how == RunEnd::How::kDeferred) {
    console.Remark(absl::StrCat("All is sent; what others did can be fetched in ",
                                InWords(end.retry_after.value_or(absl::ZeroDuration())), "."));
  }
  if (const std::string remark = RemarkOn(end); !remark.empty()) console.Remark(remark);
}

}  // namespace

absl::StatusOr<Exit> Sync(Context& context) {
  const absl::StatusOr<RunEnd> end = SyncNow(context);
  if (!end.ok()) return end.status();
  SayEnd(context.console, *end);
  return end->how == RunEnd::How::kHeld ? Exit::kHeld : Exit::kDone;
}

}  // namespace tidemark::cli
