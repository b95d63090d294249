#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input.h"
#include "client/cli/json_text.h"
#include "client/cli/progress.h"
#include "client/cli/pushing.h"
#include "client/cli/text/counted.h"
#include "client/cli/text/todo_txt.h"
#include "client/export/task_json.h"
#include "common/status/error.h"

namespace tidemark::cli {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(10);

// A todo.txt may begin with "[urgent]".
bool LooksLikeJson(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos || text[first] == '{') return true;
  const std::size_t next = text.find_first_not_of(kBlank, first + 1);
  return text[first] == '[' && next != std::string_view::npos && (text[next] == '{' || text[next] == ']');
}

absl::Status Refused(const std::string& name, const absl::Status& status) {
  return Error(Code::kValidation,
               absl::StrCat(name, ": ", status.message(), "\nNothing of it was taken in."));
}

// What the file says, as lines of JSON.
absl::StatusOr<std::string> LinesOf(const Arguments& args) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  absl::StatusOr<std::string> text = TextOfFile(args.file);
  if (!text.ok()) return text;
  if (text->substr(0, kByteOrderMark.size()) == kByteOrderMark) text->erase(0, kByteOrderMark.size());
  // So is a file in UTF-16.
  if (text->find('\0') != std::string::npos)
    return absl::InvalidArgumentError("it is no text in UTF-8, as there is a zero byte in it");
  if (args.todo_txt || !LooksLikeJson(*text)) return client::ToJsonLines(FromTodoTxt(*text));
  return text;
}

}  // namespace

absl::StatusOr<Exit> Import(Context& context) {
  const Arguments& args = context.args;
  const std::string name = args.file == "-" ? "stdin" : args.file;
  const absl::StatusOr<std::string> text = LinesOf(args);
  if (absl::IsInvalidArgument(text.status())) return Refused(name, text.status());
  if (!text.ok()) return text.status();
  const absl::StatusOr<int> added = context.manager.Import(*text);
  if (absl::IsInvalidArgument(added.status())) return Refused(name, added.status());
  if (!added.ok()) return added.status();
  Console& console = context.console;
  console.SayToPerson(
      absl::StrCat("added ", Counted(*added, "task", "tasks"), "; those that were here stay as they are"));
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
