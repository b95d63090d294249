#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input.h"
#include "client/cli/json_text.h"
#include "client/cli/progress.h"
#include "client/cli/pushing.h"
#include "client/cli/text/todo_txt.h"
#include "client/export/task_json.h"

namespace tidemark::cli {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(10);

bool LooksLikeJson(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || text[first] == '{';
}

}  // namespace

absl::StatusOr<Exit> Import(Context& context) {
  const Arguments& args = context.args;
  absl::StatusOr<std::string> text = TextOfFile(args.file);
  if (!text.ok()) return text.status();
  if (args.todo_txt || !LooksLikeJson(*text)) text = client::ToJsonLines(FromTodoTxt(*text));
  const absl::StatusOr<int> added = context.manager.Import(*text);
  if (!added.ok()) return added.status();
  Console& console = context.console;
  console.SayToPerson(absl::StrCat("added ", *added, *added == 1 ? " task" : " tasks",
                                   "; those that were here stay as they are"));
  console.Flush();
  Pushed pushed;
  {
    const Progress progress(context);
    pushed = Push(context, kPatience);
  }
  if (console.json()) {
    console.Say(
        JsonObject().Add("added", *added).Add("sent", pushed.sent).Add("remark", pushed.remark).text());
  } else if (!pushed.remark.empty()) {
    console.Remark(pushed.remark);
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
