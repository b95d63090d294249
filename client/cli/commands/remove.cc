// rm, restore.
#include "client/cli/commands.h"
#include "client/cli/pick.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {

absl::StatusOr<Exit> Remove(Context& context) {
  const absl::StatusOr<std::vector<client::Task>> meant = Pick(context, context.args.ids, Among::kTasks);
  if (!meant.ok()) return meant.status();
  const absl::Status stored = context.manager.Together([&](client::TaskEdits& edits) {
    for (const client::Task& task : *meant) {
      if (absl::Status removed = edits.Delete(task.id); !removed.ok()) return removed;
    }
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return SayEdited(context, "removed", *meant);
}

absl::StatusOr<Exit> RestoreDeleted(Context& context) {
  const absl::StatusOr<std::vector<client::Task>> meant = Pick(context, context.args.ids, Among::kDeleted);
  if (!meant.ok()) return meant.status();
  std::vector<client::Task> restored;
  const absl::Status stored = context.manager.Together([&](client::TaskEdits& edits) {
    for (const client::Task& task : *meant) {
      absl::StatusOr<client::Task> now = edits.Restore(task.id);
      if (!now.ok()) return now.status();
      restored.push_back(*std::move(now));
    }
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return SayEdited(context, "restored", restored);
}

}  // namespace tidemark::cli
