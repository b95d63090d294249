#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/text/counted.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/todo_txt.h"

namespace tidemark::cli {
namespace {

bool GoesToFile(const Arguments& args) { return !args.file.empty() && args.file != "-"; }

absl::StatusOr<std::string> TextOfAll(Context& context) {
  if (!context.args.todo_txt) {
    absl::StatusOr<std::string> text = context.manager.Export();
    if (!text.ok()) return text.status();
    return HarmlessJson(*text);
  }
  // A todo.txt holds texts as they are: on a terminal they are shown, in a file they are kept.
  const bool is_shown = context.console.out_is_terminal() && !GoesToFile(context.args);
  absl::StatusOr<std::vector<client::Task>> tasks = context.manager.List();
  if (!tasks.ok()) return tasks.status();
  for (client::Task& task : *tasks) {
    if (is_shown) task.content = Harmless(task.content);
  }
  return ToTodoTxt(*tasks);
}

}  // namespace

absl::StatusOr<Exit> Export(Context& context) {
  const absl::StatusOr<std::string> text = TextOfAll(context);
  if (!text.ok()) return text.status();
  const std::string& path = context.args.file;
  if (!GoesToFile(context.args)) {
    context.console.Write(*text);
    return Exit::kDone;
  }
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << *text;
  file.close();
  if (!file)
    return absl::PermissionDeniedError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  // A task is a line.
  const auto count = std::count(text->begin(), text->end(), '\n');
  if (context.console.json()) {
    context.console.Say(JsonObject().Add("file", path).Add("tasks", count).text());
  } else {
    context.console.Say(absl::StrCat(Counted(count, "task", "tasks"), " written to ", Harmless(path)));
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
