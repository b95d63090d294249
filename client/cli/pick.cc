#include "client/cli/pick.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/text/list.h"
#include "common/status/error.h"

namespace tidemark::cli {
namespace {

using client::Task;

constexpr std::size_t kCandidatesShown = 10;

enum class Case { kExact, kIgnored };

bool Begins(const std::string& id, const std::string& prefix, Case how) {
  if (id.size() < prefix.size()) return false;
  return std::equal(prefix.begin(), prefix.end(), id.begin(), [&](char a, char b) {
    return a == b || (how == Case::kIgnored && absl::ascii_tolower(a) == absl::ascii_tolower(b));
  });
}

// A whole id names its task, also where others begin with it.
std::vector<Task> Meant(const std::vector<Task>& among, const std::string& prefix) {
  std::vector<Task> meant;
  for (const Case how : {Case::kExact, Case::kIgnored}) {
    for (const Task& task : among) {
      if (task.id.value() == prefix) return {task};
      if (Begins(task.id.value(), prefix, how)) meant.push_back(task);
    }
    if (!meant.empty()) break;
  }
  return meant;
}

absl::Status Ambiguous(const std::vector<Task>& meant, const std::vector<Task>& all,
                       const std::string& prefix) {
  std::string message = absl::StrCat("several tasks begin with ", prefix, "; type more of the id:");
  const std::vector<std::string> lines = ListLines(meant, all, 0, Palette(false));
  for (std::size_t i = 0; i < lines.size() && i < kCandidatesShown; ++i)
    absl::StrAppend(&message, "\n  ", lines[i]);
  if (lines.size() > kCandidatesShown) {
    absl::StrAppend(&message, "\n  … and ", lines.size() - kCandidatesShown, " more");
  }
  return absl::NotFoundError(message);
}

// What is here to be named, read once.
struct Tasks {
  std::vector<Task> living;
  std::vector<Task> deleted;
};

absl::StatusOr<Tasks> Read(Context& context) {
  absl::StatusOr<std::vector<Task>> living = context.manager.List();
  if (!living.ok()) return living.status();
  absl::StatusOr<std::vector<Task>> deleted = context.manager.ListDeleted();
  if (!deleted.ok()) return deleted.status();
  return Tasks{.living = *std::move(living), .deleted = *std::move(deleted)};
}

absl::Status NoSuchTask(const Tasks& tasks, const std::string& prefix, Among among) {
  if (among == Among::kTasks) {
    if (const std::vector<Task> gone = Meant(tasks.deleted, prefix); !gone.empty()) {
      return absl::NotFoundError(
          absl::StrCat(prefix, " is deleted. Bring it back: tidemark restore ", prefix));
    }
    return absl::NotFoundError(
        absl::StrCat("no task begins with ", prefix, "\nSee tidemark ls --all, or tidemark ls --deleted."));
  }
  if (among == Among::kDeleted && !Meant(tasks.living, prefix).empty())
    return absl::NotFoundError(absl::StrCat(prefix, " is not deleted"));
  const char* which = among == Among::kDeleted ? "no deleted task" : "no task";
  return absl::NotFoundError(absl::StrCat(which, " begins with ", prefix, "\nSee tidemark ls --deleted."));
}

absl::StatusOr<Task> PickAmong(const Tasks& tasks, const std::string& prefix, Among among) {
  if (prefix.empty()) return absl::InvalidArgumentError("which task is meant? An id is missing");
  const std::vector<Task>& first = among == Among::kDeleted ? tasks.deleted : tasks.living;
  std::vector<Task> meant = Meant(first, prefix);
  if (meant.empty() && among == Among::kBoth) meant = Meant(tasks.deleted, prefix);
  if (meant.empty()) return NoSuchTask(tasks, prefix, among);
  if (meant.size() > 1) return Ambiguous(meant, first, prefix);
  return meant.front();
}

}  // namespace

absl::StatusOr<Task> PickOne(Context& context, const std::string& prefix, Among among) {
  const absl::StatusOr<Tasks> tasks = Read(context);
  if (!tasks.ok()) return tasks.status();
  return PickAmong(*tasks, prefix, among);
}

absl::StatusOr<std::vector<Task>> Pick(Context& context, const std::vector<std::string>& prefixes,
                                       Among among) {
  const absl::StatusOr<Tasks> tasks = Read(context);
  if (!tasks.ok()) return tasks.status();
  std::vector<Task> picked;
  // Two beginnings may name one task.
  std::set<TaskId> named;
  for (const std::string& prefix : prefixes) {
    absl::StatusOr<Task> task = PickAmong(*tasks, prefix, among);
    if (!task.ok()) return task.status();
    if (named.insert(task->id).second) picked.push_back(*std::move(task));
  }
  return picked;
}

Names::Names(Context& context) {
  absl::StatusOr<Tasks> tasks = Read(context);
  // Then whole ids are shown.
  if (!tasks.ok()) return;
  for (std::vector<Task>* each : {&tasks->living, &tasks->deleted}) {
    const std::vector<std::string> short_ids = ShortIdsOf(*each);
    for (std::size_t i = 0; i < each->size(); ++i) {
      Task& task = (*each)[i];
      const TaskId id = task.id;
      entries_[id] = {.task = std::move(task), .short_id = short_ids[i]};
    }
  }
}

std::string Names::ShortIdOf(const TaskId& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? id.value() : found->second.short_id;
}

const Task* Names::Find(const TaskId& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.task;
}

}  // namespace tidemark::cli
