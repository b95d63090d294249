// For the completion scripts: a task a line, its id and its text.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/list.h"

namespace tidemark::cli {

absl::StatusOr<Exit> Ids(Context& context) {
  const absl::StatusOr<std::vector<client::Task>> tasks =
      context.args.deleted ? context.manager.ListDeleted() : context.manager.List();
  if (!tasks.ok()) return tasks.status();
  const std::vector<std::string> ids = ShortIdsOf(*tasks);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    context.console.Say(absl::StrCat(Harmless(ids[i]), "\t", Harmless((*tasks)[i].content)));
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
