#include "client/cli/describe.h"

#include "absl/strings/str_cat.h"
#include "client/cli/json_text.h"
#include "client/cli/text/counted.h"
#include "client/cli/text/harmless.h"

namespace tidemark::cli {

using client::Field;
using client::FieldValue;
using client::SyncStatus;
using client::Task;

std::string ToJson(const Task& task) {
  JsonObject object;
  object.Add("id", task.id.value())
      .Add("content", task.content)
      .Add("completed", task.completed)
      .Add("pinned", task.pinned)
      .Add("created_at", task.created_at.value)
      .Add("updated_at", task.updated_at.value);
  if (task.deleted_at != client::kLive) object.Add("deleted_at", task.deleted_at.value);
  return object.Add("pending", task.pending).text();
}

std::string ToJson(const std::vector<Task>& tasks) {
  std::vector<std::string> each;
  for (const Task& task : tasks) each.push_back(ToJson(task));
  return JsonArray(each);
}

std::string ToJson(const SyncStatus& status) {
  JsonObject object;
  object.Add("state", NameOf(status.state))
      .Add("message", status.message)
      .Add("email", status.email)
      .Add("pending", status.pending)
      .Add("overdue", status.overdue)
      .Add("rejected", status.rejected)
      .Add("conflicts", status.conflicts)
      .Add("synced_at", status.synced_at.value)
      .Add("live", status.live);
  if (status.oldest_pending) object.Add("oldest_pending", status.oldest_pending->value);
  if (status.next_due) object.Add("next_due", status.next_due->value);
  if (status.held) {
    object.AddJson("held",
                   JsonObject().Add("removes", status.held->removes).Add("of", status.held->of).text());
  }
  return object.text();
}

std::string ToJson(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return JsonString(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  const UnixMillis at = std::get<UnixMillis>(value);
  return at == client::kLive ? "null" : std::to_string(at.value);
}

std::string NameOf(Field field) {
  switch (field) {
    case Field::kContent:
      return "content";
    case Field::kCompleted:
      return "completed";
    case Field::kPinned:
      return "pinned";
    case Field::kDeletedAt:
      return "deleted_at";
  }
  return "";
}

std::string NameOf(SyncStatus::State state) {
  switch (state) {
    case SyncStatus::State::kOnline:
      return "online";
    case SyncStatus::State::kDegraded:
      return "degraded";
    case SyncStatus::State::kOffline:
      return "offline";
    case SyncStatus::State::kSignInNeeded:
      return "sign_in_needed";
  }
  return "";
}

std::string NameOf(client::Reason reason) {
  switch (reason) {
    case client::Reason::kOverwritten:
      return "overwritten";
    case client::Reason::kConflict:
      return "conflict";
    case client::Reason::kDeleted:
      return "deleted";
  }
  return "";
}

std::string InWords(const DeviceId& device, const DeviceId& own) {
  constexpr std::size_t kShown = 8;
  if (device == own) return "this device";
  return device.empty() ? "" : absl::StrCat("device ", Harmless(device.value().substr(0, kShown)));
}

std::string InWords(Field field) {
  switch (field) {
    case Field::kContent:
      return "text";
    case Field::kCompleted:
      return "done";
    case Field::kPinned:
      return "pinned";
    case Field::kDeletedAt:
      return "deleted";
  }
  return "";
}

std::string InWords(Field field, const FieldValue& value) {
  switch (field) {
    case Field::kContent:
      return std::get<std::string>(value);
    case Field::kCompleted:
      return std::get<bool>(value) ? "done" : "not done";
    case Field::kPinned:
      return std::get<bool>(value) ? "pinned" : "not pinned";
    case Field::kDeletedAt:
      return std::get<UnixMillis>(value) == client::kLive ? "not deleted" : "deleted";
  }
  return "";
}

std::string InWords(const SyncStatus& status) {
  std::string line = NameOf(status.state);
  if (status.state == SyncStatus::State::kOnline && status.live) line += ", live";
  if (status.state == SyncStatus::State::kSignInNeeded) line = "logged out: tidemark login";
  if (status.state == SyncStatus::State::kDegraded) absl::StrAppend(&line, ": ", status.message);
  if (status.pending > 0) absl::StrAppend(&line, ", ", Counted(status.pending, "edit", "edits"), " waiting");
  if (status.conflicts + status.rejected > 0) absl::StrAppend(&line, ", see tidemark conflicts");
  if (status.held) absl::StrAppend(&line, ", an answer is held: tidemark agree, or tidemark refuse");
  return line;
}

}  // namespace tidemark::cli
