// agree, refuse: an answer that would remove many tasks waits for the person.
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);

absl::StatusOr<Exit> Decided(Context& context, const absl::Status& decided, const char* said) {
  if (absl::IsNotFound(decided))
    return absl::NotFoundError(
        "no answer of the service is held, so there is nothing to agree to or to refuse");
  if (!decided.ok()) return decided;
  const Pushed pushed = Push(context, kPatience);
  Console& console = context.console;
  if (console.json()) {
    console.Say(JsonObject().Add("did", said).Add("sent", pushed.sent).Add("remark", pushed.remark).text());
    return Exit::kDone;
  }
  console.Say(said);
  if (!pushed.remark.empty()) console.Remark(pushed.remark);
  return Exit::kDone;
}

}  // namespace

absl::StatusOr<Exit> Agree(Context& context) {
  return Decided(context, context.manager.AgreeToMassChange(), "agreed: the tasks are removed");
}

absl::StatusOr<Exit> Refuse(Context& context) {
  return Decided(context, context.manager.RefuseMassChange(), "refused: the tasks stay, and are sent again");
}

}  // namespace tidemark::cli
