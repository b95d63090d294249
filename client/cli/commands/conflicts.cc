// What went otherwise than the person meant: listed, taken up again, dismissed.
#include <optional>
#include <variant>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/pick.h"
#include "client/cli/pushing.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/list.h"
#include "client/cli/text/when.h"
#include "client/cli/trouble.h"

namespace tidemark::cli {
namespace {

using client::Conflict;
using client::FieldValue;
using client::Rejection;

// What the field is now, if it has moved on since: the conflict is about the past.
std::optional<FieldValue> MovedTo(const Conflict& conflict, const Names& names) {
  const client::Task* task = names.Find(conflict.id);
  if (task == nullptr) return std::nullopt;
  const FieldValue now = client::ValueOf(*task, conflict.field);
  return client::IsSame(now, conflict.kept.value) ? std::nullopt : std::optional(now);
}

std::string ToJson(const Trouble& trouble, const Names& names) {
  JsonObject object;
  object.Add("key", trouble.key);
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) {
    object.Add("kind", "conflict")
        .Add("id", conflict->id.value())
        .Add("field", NameOf(conflict->field))
        .AddJson("kept", cli::ToJson(conflict->kept.value))
        .AddJson("discarded", cli::ToJson(conflict->discarded.value));
    if (const auto now = MovedTo(*conflict, names)) object.AddJson("now", cli::ToJson(*now));
    return object.Add("at", conflict->at.value).text();
  }
  const auto& rejection = std::get<Rejection>(trouble.what);
  object.Add("kind", "rejected").Add("id", rejection.change.id.value()).Add("code", rejection.code);
  if (rejection.change.fields.content) object.Add("content", *rejection.change.fields.content);
  return object.Add("at", rejection.at.value).text();
}

// All that a conflict is told with.
struct Telling {
  Console& console;
  const Names& names;
  DeviceId device;
};

// "80e9 Buy milk", as far as it is known.
std::string TaskInWords(const Telling& telling, const TaskId& id) {
  const client::Task* task = telling.names.Find(id);
  const std::string short_id = telling.names.ShortIdOf(id);
  const Palette& palette = telling.console.palette();
  if (task == nullptr) return palette.Id(Harmless(short_id));
  return absl::StrCat(Named(*task, short_id, palette), task->deleted_at == client::kLive ? "" : " (deleted)");
}

std::string Value(const Telling& telling, const Conflict& conflict, const client::FieldEdit& edit) {
  return absl::StrCat(Harmless(InWords(conflict.field, edit.value)), "  ",
                      telling.console.palette().Faint(InWords(edit.device, telling.device)));
}

void Say(const Telling& telling, const std::string& key, const Conflict& conflict) {
  Console& console = telling.console;
  const std::string head = absl::StrCat(key, "  ", TaskInWords(telling, conflict.id), ", ",
                                        AtMinute(UnixMillis{conflict.at.value}, absl::LocalTimeZone()));
  const auto now = MovedTo(conflict, telling.names);
  // A word each fits on one line.
  if (conflict.field != client::Field::kContent) {
    console.Say(absl::StrCat(head, ": kept ", InWords(conflict.field, conflict.kept.value), ", discarded ",
                             Value(telling, conflict, conflict.discarded),
                             now ? absl::StrCat("; now ", InWords(conflict.field, *now)) : ""));
    return;
  }
  console.Say(head);
  console.Say(absl::StrCat("  kept       ", Value(telling, conflict, conflict.kept)));
  console.Say(absl::StrCat("  discarded  ", Value(telling, conflict, conflict.discarded)));
  if (now) console.Say(absl::StrCat("  now        ", Harmless(InWords(conflict.field, *now))));
}

void Say(const Telling& telling, const std::string& key, const Rejection& rejection) {
  Console& console = telling.console;
  console.Say(absl::StrCat(key, "  refused by the service (", Harmless(rejection.code), "), an edit of ",
                           TaskInWords(telling, rejection.change.id)));
  if (rejection.change.fields.content)
    console.Say(absl::StrCat("  text       ", Harmless(*rejection.change.fields.content)));
}

void SayToPerson(const Telling& telling, const std::vector<Trouble>& all) {
  const std::vector<std::string> short_keys = ShortKeysOf(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string key = telling.console.palette().Id(Harmless(short_keys[i]));
    std::visit([&](const auto& what) { Say(telling, key, what); }, all[i].what);
  }
  telling.console.Remark(all.empty() ? "No conflicts."
                                     : "Take a discarded value up again: tidemark conflicts --restore KEY\n"
                                       "or put it away: --dismiss KEY, or --dismiss-all");
}

absl::StatusOr<Exit> SayAll(Context& context, const std::vector<Trouble>& all) {
  Console& console = context.console;
  const Names names(context);
  if (console.json()) {
    std::vector<std::string> each;
    for (const Trouble& trouble : all) each.push_back(ToJson(trouble, names));
    console.Say(JsonObject().AddJson("conflicts", JsonArray(each)).text());
    return Exit::kDone;
  }
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  SayToPerson({.console = console, .names = names, .device = status->device}, all);
  return Exit::kDone;
}

absl::Status DismissOne(client::TaskEdits& edits, const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) return edits.DismissConflict(*conflict);
  return edits.DismissRejected(std::get<Rejection>(trouble.what));
}

// A refused text, as a new task; what the task was is not known any more.
absl::StatusOr<client::Task> TakeUp(client::TaskEdits& edits, const Names& names, const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) {
    const client::Task* task = names.Find(conflict->id);
    const bool brings_back = conflict->field == client::Field::kDeletedAt;
    if (task != nullptr && task->deleted_at != client::kLive && !brings_back) {
      return absl::NotFoundError(
          absl::StrCat("its task is deleted here\nBring that back first: tidemark restore ",
                       names.ShortIdOf(conflict->id)));
    }
    return edits.RestoreDiscarded(*conflict);
  }
  const auto& rejection = std::get<Rejection>(trouble.what);
  if (!rejection.change.fields.content)
    return absl::NotFoundError("the refused edit holds no text; --dismiss puts it away");
  absl::StatusOr<client::Task> task = edits.Add(*rejection.change.fields.content);
  if (!task.ok()) return task;
  if (absl::Status dismissed = edits.DismissRejected(rejection); !dismissed.ok()) return dismissed;
  return task;
}

absl::StatusOr<std::vector<Trouble>> PickAll(const std::vector<Trouble>& all,
                                             const std::vector<std::string>& keys) {
  std::vector<Trouble> picked;
  for (const std::string& key : keys) {
    absl::StatusOr<Trouble> trouble = PickTrouble(all, key);
    if (!trouble.ok()) return trouble.status();
    picked.push_back(*std::move(trouble));
  }
  return picked;
}

absl::StatusOr<Exit> TakeUpAll(Context& context, const std::vector<Trouble>& picked) {
  const Names names(context);
  std::vector<client::Task> tasks;
  const absl::Status stored = context.manager.Together([&](client::TaskEdits& edits) {
    for (const Trouble& trouble : picked) {
      absl::StatusOr<client::Task> task = TakeUp(edits, names, trouble);
      if (!task.ok()) return task.status();
      tasks.push_back(*std::move(task));
    }
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  return SayEdited(context, "restored", tasks);
}

absl::StatusOr<Exit> DismissAll(Context& context, const std::vector<Trouble>& picked) {
  const absl::Status stored = context.manager.Together([&](client::TaskEdits& edits) {
    for (const Trouble& trouble : picked) {
      if (absl::Status dismissed = DismissOne(edits, trouble); !dismissed.ok()) return dismissed;
    }
    return absl::OkStatus();
  });
  if (!stored.ok()) return stored;
  Console& console = context.console;
  if (console.json()) {
    console.Say(JsonObject().Add("dismissed", picked.size()).text());
  } else {
    console.Say(absl::StrCat("dismissed ", picked.size()));
  }
  return Exit::kDone;
}

}  // namespace

absl::StatusOr<Exit> Conflicts(Context& context) {
  const Arguments& args = context.args;
  const absl::StatusOr<std::vector<Trouble>> all = AllTrouble(context);
  if (!all.ok()) return all.status();
  if (args.all) return DismissAll(context, *all);
  const bool restores = !args.restore.empty();
  if (!restores && args.dismiss.empty()) return SayAll(context, *all);
  const absl::StatusOr<std::vector<Trouble>> picked = PickAll(*all, restores ? args.restore : args.dismiss);
  if (!picked.ok()) return picked.status();
  return restores ? TakeUpAll(context, *picked) : DismissAll(context, *picked);
}

}  // namespace tidemark::cli
