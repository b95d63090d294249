// done, undone, pin, unpin.
#include "client/cli/commands.h"
#include "client/cli/pick.h"
#include "client/cli/pushing.h"

namespace tidemark::cli {
namespace {

using Mark = absl::StatusOr<client::Task> (client::TaskEdits::*)(const TaskId&, bool);

absl::StatusOr<Exit> MarkAll(Context& context, Mark mark, bool value, const char* did) {
  const absl::StatusOr<std::vector<client::Task>> meant = Pick(context, context.args.ids, Among::kTasks);
  if (!meant.ok()) return meant.status();
  std::vector<client::Task> marked;
  const absl::Status stored = context.manager.Together([&](client::TaskEdits& edits) {
    for (const client::Task& task : *meant) {
      absl::StatusOr<client::Task> now = (edits.*mark)(task.id, value);
      if (!now.ok()) return now.status();
      marked.push_back(*std::move(now));
    }
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return SayEdited(context, did, marked);
}

}  // namespace

absl::StatusOr<Exit> MarkDone(Context& context) {
  return MarkAll(context, &client::TaskEdits::Complete, true, "done");
}

absl::StatusOr<Exit> MarkUndone(Context& context) {
  return MarkAll(context, &client::TaskEdits::Complete, false, "open again");
}

absl::StatusOr<Exit> Pin(Context& context) {
  return MarkAll(context, &client::TaskEdits::Pin, true, "pinned");
}

absl::StatusOr<Exit> Unpin(Context& context) {
  return MarkAll(context, &client::TaskEdits::Pin, false, "unpinned");
}

}  // namespace tidemark::cli
