// For the completion scripts: a task a line, its id and its text; or a conflict, its key and its text.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/list.h"
#include "client/cli/trouble.h"

namespace tidemark::cli {
namespace {

bool IsWanted(const client::Task& task, const Arguments& args) {
  return (!args.open || !task.completed) && (!args.done || task.completed);
}

absl::StatusOr<Exit> Keys(Context& context) {
  const absl::StatusOr<std::vector<Trouble>> all = AllTrouble(context);
  if (!all.ok()) return all.status();
  const std::vector<std::string> keys = ShortKeysOf(*all);
  for (std::size_t i = 0; i < keys.size(); ++i)
    context.console.Say(absl::StrCat(Harmless(keys[i]), "\t", Harmless(Summary((*all)[i]))));
  return Exit::kDone;
}

}  // namespace

absl::StatusOr<Exit> Ids(Context& context) {
  if (context.args.conflicts) return Keys(context);
  const absl::StatusOr<std::vector<client::Task>> tasks =
      context.args.deleted ? context.manager.ListDeleted() : context.manager.List();
  if (!tasks.ok()) return tasks.status();
  const std::vector<std::string> ids = ShortIdsOf(*tasks);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const client::Task& task = (*tasks)[i];
    if (IsWanted(task, context.args))
      context.console.Say(absl::StrCat(Harmless(ids[i]), "\t", Harmless(task.content)));
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
