// rm, restore.
#include "client/cli/commands.h"
#include "client/cli/pick.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {

absl::StatusOr<Exit> Remove(Context& context) {
  const absl::StatusOr<std::vector<client::Task>> meant = Pick(context, context.args.ids, Among::kTasks);
  if (!meant.ok()) return meant.status();
  for (const client::Task& task : *meant) {
    if (absl::Status removed = context.manager.Delete(task.id); !removed.ok()) return removed;
  }
  return SayEdited(context, "removed", *meant);
}

absl::StatusOr<Exit> RestoreDeleted(Context& context) {
  const absl::StatusOr<std::vector<client::Task>> meant = Pick(context, context.args.ids, Among::kDeleted);
  if (!meant.ok()) return meant.status();
  std::vector<client::Task> restored;
  for (const client::Task& task : *meant) {
    absl::StatusOr<client::Task> now = context.manager.Restore(task.id);
    if (!now.ok()) return now.status();
    restored.push_back(*std::move(now));
  }
  return SayEdited(context, "restored", restored);
}

}  // namespace tidemark::cli
