#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/todo_txt.h"

namespace tidemark::cli {
namespace {

absl::StatusOr<std::string> TextOfAll(Context& context) {
  if (!context.args.todo_txt) {
    absl::StatusOr<std::string> text = context.manager.Export();
    if (!text.ok()) return text.status();
    return HarmlessJson(*text);
  }
  const absl::StatusOr<std::vector<client::Task>> tasks = context.manager.List();
  if (!tasks.ok()) return tasks.status();
  return ToTodoTxt(*tasks);
}

// A file has the texts as they are; a terminal would obey them.
std::string HarmlessLines(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    absl::StrAppend(&shown, Harmless(line), "\n");
  }
  return shown;
}

}  // namespace

absl::StatusOr<Exit> Export(Context& context) {
  const absl::StatusOr<std::string> text = TextOfAll(context);
  if (!text.ok()) return text.status();
  const std::string& path = context.args.file;
  if (path.empty() || path == "-") {
    const bool is_shown = context.args.todo_txt && context.console.out_is_terminal();
    context.console.Write(is_shown ? HarmlessLines(*text) : *text);
    return Exit::kDone;
  }
  std::ofstream file(path, std::ios::binary);
  file << *text;
  file.close();
  if (!file) return absl::PermissionDeniedError(absl::StrCat("cannot write ", path));
  context.console.SayToPerson(absl::StrCat("written to ", Harmless(path)));
  return Exit::kDone;
}

}  // namespace tidemark::cli
