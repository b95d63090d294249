// ls
#include "client/cli/text/list.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/text/harmless.h"

namespace tidemark::cli {
namespace {

using client::Task;

bool IsWanted(const Task& task, const Arguments& args) {
  const bool of_kind = args.all || args.deleted || task.completed == args.done;
  return of_kind && Holds(task.content, args.words);
}

std::string NothingIn(const Arguments& args, bool has_tasks) {
  if (!args.words.empty())
    return absl::StrCat("No task here holds ", Harmless(absl::StrJoin(args.words, " and ")));
  if (args.deleted) return "Nothing deleted that could be restored";
  if (args.done) return "Nothing done yet";
  return has_tasks ? "All is done: tidemark ls --all" : "Nothing here. Add a task: tidemark add Buy milk";
}

void SayFooter(Context& context, std::size_t shown, const std::vector<Task>& all) {
  Console& console = context.console;
  if (!console.out_is_terminal()) return;
  if (shown == 0) console.Say(console.palette().Faint(NothingIn(context.args, !all.empty())));
  const auto waiting = std::count_if(all.begin(), all.end(), [](const Task& task) { return task.pending; });
  if (waiting > 0) console.Say(console.palette().Faint(absl::StrCat(waiting, " waiting to be sent (^)")));
}

}  // namespace

absl::StatusOr<Exit> List(Context& context) {
  const Arguments& args = context.args;
  const absl::StatusOr<std::vector<Task>> all =
      args.deleted ? context.manager.ListDeleted() : context.manager.List();
  if (!all.ok()) return all.status();
  std::vector<Task> shown;
  for (const Task& task : *all) {
    if (IsWanted(task, args)) shown.push_back(task);
  }
  Console& console = context.console;
  if (console.json()) {
    console.Say(JsonObject().AddJson("tasks", ToJson(shown)).text());
    return Exit::kDone;
  }
  const int width = args.full ? 0 : console.width();
  for (const std::string& line : ListLines(shown, *all, width, console.palette())) console.Say(line);
  SayFooter(context, shown.size(), *all);
  return Exit::kDone;
}

}  // namespace tidemark::cli
