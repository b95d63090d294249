#include "client/cli/commands.h"
#include "client/cli/input.h"
#include "client/cli/pick.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {

absl::StatusOr<Exit> EditText(Context& context) {
  const absl::StatusOr<client::Task> meant = PickOne(context, context.args.id, Among::kTasks);
  if (!meant.ok()) return meant.status();
  const absl::StatusOr<std::string> text = TextOf(context.args.words);
  if (!text.ok()) return text.status();
  const absl::StatusOr<client::Task> task = context.manager.Edit(meant->id, *text);
  if (!task.ok()) return task.status();
  return SayEdited(context, "edited", {*task});
}

}  // namespace tidemark::cli
