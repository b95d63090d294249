#include "bench/fleet_day/judgement.h"

#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/users/failed.h"
#include "services/sync/domain/types.h"

namespace tidemark::fleet {
namespace {

using client::Field;

constexpr char kDead[] = "dead";

std::string ValueKey(const std::string& user, const std::string& task, Field field,
                     const std::string& value) {
  return absl::StrCat(user, "/", task, "/", static_cast<int>(field), "/", value);
}

// A deletion is known by its task: another device may have deleted it as well, at another time.
std::string TextOf(const client::FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return kDead;
}

int64_t Number(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number))
    throw bench::Failed(absl::StrCat("PostgreSQL gave no number: ", text));
  return number;
}

}  // namespace

void Heard::NoteTombstones() { NoteTasks("deleted_at > 0"); }

void Heard::NoteTasks(const std::string& which) {
  const auto tasks = owner_.Ask(
      absl::StrCat("select user_id, id, content, completed::text, deleted_at from sync.tasks where ", which));
  for (const auto& row : tasks) {
    values_.insert(ValueKey(row[0], row[1], Field::kContent, row[2]));
    values_.insert(ValueKey(row[0], row[1], Field::kCompleted, row[3]));
    if (row[4] != "0") values_.insert(ValueKey(row[0], row[1], Field::kDeletedAt, kDead));
  }
}

void Heard::NoteAll() {
  NoteTasks(absl::StrCat("stamp >= ", since_.value));
  for (const auto& row : owner_.Ask("select user_id, task_id, field, value from sync.history")) {
    const auto field = static_cast<Field>(Number(row[2]));
    if (field != Field::kDeletedAt) {
      values_.insert(ValueKey(row[0], row[1], field, row[3]));
    } else if (row[3] != "0") {
      values_.insert(ValueKey(row[0], row[1], field, kDead));
    }
  }
  for (const auto& row : owner_.Ask("select user_id, live_count, high_water, version_sum from sync.heads")) {
    heads_[row[0]] = {.live_count = Number(row[1]), .cursor = Number(row[2]), .version_sum = Number(row[3])};
  }
  conflicts_ = Number(owner_.Ask("select count(*) from sync.conflicts").at(0).at(0));
}

void Heard::Judge(const Lane::Life& life, Judgement& judgement) {
  const UserId& user = life.person->user;
  judgement.edits += life.edits.acts;
  for (const MadeEdit& edit : life.edits.made) {
    if (HasHeard(user, edit)) {
      ++judgement.stored;
    } else {
      ++(edit.replaced ? judgement.replaced : judgement.lost);
    }
  }
  for (const std::unique_ptr<Device>& device : life.devices) {
    judgement.rejected += device->rejections();
    if (device->held() != heads_.at(user.value())) ++judgement.devices_out_of_step;
  }
}

// Two edits that undo each other on a device leave a task as nobody has ever touched it: it is looked at by
// itself.
bool Heard::HasHeard(const UserId& user, const MadeEdit& edit) {
  const std::string key = ValueKey(user.value(), edit.task.value(), edit.field, TextOf(edit.value));
  if (values_.contains(key)) return true;
  NoteTasks(absl::StrCat("user_id = '", user.value(), "' and id = '", edit.task.value(), "'"));
  return values_.contains(key);
}

}  // namespace tidemark::fleet
