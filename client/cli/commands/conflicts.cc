// What went otherwise than the person meant: listed, taken up again, dismissed.
#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/pushing.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/short_ids.h"
#include "client/cli/text/when.h"

namespace tidemark::cli {
namespace {

using client::Conflict;
using client::Rejection;

struct Trouble {
  // Names it, as an id does a task.
  std::string key;
  std::variant<Conflict, Rejection> what;
};

// Reversed, as the last digits tell them apart.
std::string Reversed(int64_t number) {
  std::string digits = std::to_string(number);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string KeyOf(const Conflict& conflict) {
  constexpr char kLetters[] = {'c', 'd', 'p', 'r'};
  return kLetters[static_cast<int>(conflict.field)] + Reversed(conflict.at.value);
}

std::string KeyOf(const Rejection& rejection) {
  // A device has a number once, a store may have been several devices.
  return absl::StrCat("x", Reversed(rejection.change.number.value), "-", rejection.change.device.value());
}

absl::StatusOr<std::vector<Trouble>> AllTrouble(Context& context) {
  const absl::StatusOr<std::vector<Conflict>> conflicts = context.manager.Conflicts();
  if (!conflicts.ok()) return conflicts.status();
  const absl::StatusOr<std::vector<Rejection>> rejections = context.manager.Rejected();
  if (!rejections.ok()) return rejections.status();
  std::vector<Trouble> all;
  for (const Conflict& conflict : *conflicts) all.push_back({KeyOf(conflict), conflict});
  for (const Rejection& rejection : *rejections) all.push_back({KeyOf(rejection), rejection});
  return all;
}

absl::StatusOr<Trouble> PickTrouble(const std::vector<Trouble>& all, const std::string& prefix) {
  std::vector<Trouble> found;
  for (const Trouble& trouble : all) {
    if (trouble.key == prefix) return trouble;
    if (!prefix.empty() && trouble.key.substr(0, prefix.size()) == prefix) found.push_back(trouble);
  }
  if (found.size() == 1) return found.front();
  return absl::NotFoundError(absl::StrCat(found.empty() ? "nothing" : "more than one",
                                          " in tidemark conflicts begins with ", prefix));
}

std::string ToJson(const Trouble& trouble) {
  JsonObject object;
  object.Add("key", trouble.key);
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) {
    return object.Add("kind", "conflict")
        .Add("id", conflict->id.value())
        .Add("field", NameOf(conflict->field))
        .AddJson("kept", cli::ToJson(conflict->kept.value))
        .AddJson("discarded", cli::ToJson(conflict->discarded.value))
        .Add("at", conflict->at.value)
        .text();
  }
  const auto& rejection = std::get<Rejection>(trouble.what);
  object.Add("kind", "rejected").Add("id", rejection.change.id.value()).Add("code", rejection.code);
  if (rejection.change.fields.content) object.Add("content", *rejection.change.fields.content);
  return object.Add("at", rejection.at.value).text();
}

void Say(Console& console, const std::string& short_key, const Trouble& trouble) {
  const std::string key = console.palette().Id(Harmless(short_key));
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) {
    console.Say(absl::StrCat(key, "  ", NameOf(conflict->field), " of ",
                             Harmless(conflict->id.value().substr(0, 8)), ", ",
                             AtMinute(UnixMillis{conflict->at.value}, absl::LocalTimeZone())));
    console.Say(absl::StrCat("  kept       ", Harmless(InWords(conflict->field, conflict->kept.value))));
    console.Say(absl::StrCat("  discarded  ", Harmless(InWords(conflict->field, conflict->discarded.value))));
    return;
  }
  const auto& rejection = std::get<Rejection>(trouble.what);
  console.Say(absl::StrCat(key, "  refused by the service (", Harmless(rejection.code), "), an edit of ",
                           Harmless(rejection.change.id.value().substr(0, 8))));
  if (rejection.change.fields.content)
    console.Say(absl::StrCat("  text       ", Harmless(*rejection.change.fields.content)));
}

void SayAll(Console& console, const std::vector<Trouble>& all) {
  if (console.json()) {
    std::vector<std::string> each;
    for (const Trouble& trouble : all) each.push_back(ToJson(trouble));
    console.Say(JsonObject().AddJson("conflicts", JsonArray(each)).text());
    return;
  }
  std::vector<std::string> keys;
  for (const Trouble& trouble : all) keys.push_back(trouble.key);
  const std::vector<std::string> short_keys = ShortIds(keys);
  for (std::size_t i = 0; i < all.size(); ++i) Say(console, short_keys[i], all[i]);
  if (all.empty()) {
    console.Remark("No conflicts.");
  } else {
    console.Remark(
        "Take the discarded value up again: tidemark conflicts --restore KEY\nor put it away: --dismiss KEY");
  }
}

absl::Status DismissOne(Context& context, const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what))
    return context.manager.DismissConflict(*conflict);
  return context.manager.DismissRejected(std::get<Rejection>(trouble.what));
}

// A refused text, as a new task; what the task was is not known any more.
absl::StatusOr<client::Task> TakeUp(Context& context, const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what))
    return context.manager.RestoreDiscarded(*conflict);
  const auto& rejection = std::get<Rejection>(trouble.what);
  if (!rejection.change.fields.content)
    return absl::NotFoundError("the refused edit holds no text; --dismiss puts it away");
  absl::StatusOr<client::Task> task = context.manager.Add(*rejection.change.fields.content);
  if (!task.ok()) return task;
  if (absl::Status dismissed = context.manager.DismissRejected(rejection); !dismissed.ok()) return dismissed;
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
  std::vector<client::Task> tasks;
  for (const Trouble& trouble : picked) {
    absl::StatusOr<client::Task> task = TakeUp(context, trouble);
    if (!task.ok()) return task.status();
    tasks.push_back(*std::move(task));
  }
  return SayEdited(context, "restored", tasks);
}

absl::StatusOr<Exit> DismissAll(Context& context, const std::vector<Trouble>& picked) {
  for (const Trouble& trouble : picked) {
    if (absl::Status dismissed = DismissOne(context, trouble); !dismissed.ok()) return dismissed;
  }
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
  if (!restores && args.dismiss.empty()) {
    SayAll(context.console, *all);
    return Exit::kDone;
  }
  const absl::StatusOr<std::vector<Trouble>> picked = PickAll(*all, restores ? args.restore : args.dismiss);
  if (!picked.ok()) return picked.status();
  return restores ? TakeUpAll(context, *picked) : DismissAll(context, *picked);
}

}  // namespace tidemark::cli
