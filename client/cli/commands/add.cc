#include "client/cli/commands.h"
#include "client/cli/input.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {

absl::StatusOr<Exit> Add(Context& context) {
  const absl::StatusOr<std::string> text = TextOf(context.args.words);
  if (!text.ok()) return text.status();
  const absl::StatusOr<client::Task> task = context.manager.Add(*text);
  if (!task.ok()) return task.status();
  return SayEdited(context, "added", {*task});
}

}  // namespace tidemark::cli
