#include "client/cli/pick.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/text/list.h"
#include "common/status/error.h"

namespace tidemark::cli {
namespace {

using client::Task;

constexpr std::size_t kCandidatesShown = 10;

absl::StatusOr<std::vector<Task>> All(Context& context, Among among) {
  return among == Among::kTasks ? context.manager.List() : context.manager.ListDeleted();
}

absl::Status Ambiguous(Context& context, const std::string& prefix, Among among) {
  absl::StatusOr<std::vector<Task>> all = All(context, among);
  if (!all.ok()) return all.status();
  std::vector<Task> meant;
  for (const Task& task : *all) {
    if (task.id.value().substr(0, prefix.size()) == prefix) meant.push_back(task);
  }
  std::string message = absl::StrCat("several tasks begin with ", prefix, "; type more of the id:");
  const std::vector<std::string> lines = ListLines(meant, *all, 0, Palette(false));
  for (std::size_t i = 0; i < lines.size() && i < kCandidatesShown; ++i)
    absl::StrAppend(&message, "\n  ", lines[i]);
  if (lines.size() > kCandidatesShown) {
    absl::StrAppend(&message, "\n  … and ", lines.size() - kCandidatesShown, " more");
  }
  return absl::NotFoundError(message);
}

}  // namespace

absl::StatusOr<Task> PickOne(Context& context, const std::string& prefix, Among among) {
  absl::StatusOr<Task> task =
      among == Among::kTasks ? context.manager.Find(prefix) : context.manager.FindDeleted(prefix);
  if (task.ok() || prefix.empty()) return task;
  const Exit exit = ExitOf(task.status(), Asked::kStore);
  // Said of a prefix that several have.
  if (exit == Exit::kUsage) return Ambiguous(context, prefix, among);
  if (exit == Exit::kNoSuchTask) {
    const char* which = among == Among::kTasks ? "no task" : "no deleted task";
    return absl::NotFoundError(absl::StrCat(which, " begins with ", prefix));
  }
  return task;
}

absl::StatusOr<std::vector<Task>> Pick(Context& context, const std::vector<std::string>& prefixes,
                                       Among among) {
  std::vector<Task> picked;
  for (const std::string& prefix : prefixes) {
    absl::StatusOr<Task> task = PickOne(context, prefix, among);
    if (!task.ok()) return task.status();
    // Two beginnings may name one task.
    const bool is_new =
        std::none_of(picked.begin(), picked.end(), [&](const Task& one) { return one.id == task->id; });
    if (is_new) picked.push_back(*std::move(task));
  }
  return picked;
}

std::string ShortIdOf(Context& context, const Task& task) {
  for (const Among among : {Among::kTasks, Among::kDeleted}) {
    const absl::StatusOr<std::vector<Task>> all = All(context, among);
    if (!all.ok()) continue;
    const std::vector<std::string> short_ids = ShortIdsOf(*all);
    for (std::size_t i = 0; i < all->size(); ++i) {
      if ((*all)[i].id == task.id) return short_ids[i];
    }
  }
  return task.id.value();
}

}  // namespace tidemark::cli
