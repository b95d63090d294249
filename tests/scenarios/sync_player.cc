#include "tests/scenarios/sync_player.h"

#include <optional>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "client/engine/exchange.h"
#include "client/engine/local_tasks.h"
#include "client/store/memory/memory_store.h"
#include "common/status/error.h"
#include "tests/scenarios/json_reading.h"
#include "tests/scenarios/sync_json.h"

namespace tidemark::scenarios {
namespace {

using namespace client;  // NOLINT: the library by its names

// Thursday, 2026-01-01T00:00:00Z.
constexpr int64_t kStart = 1'767'225'600'000;
constexpr char kDevice[] = "phone";

void Must(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// Each member that is wanted is there with that value; of the edited fields none more.
bool Tells(const json::object& is, const json::object& wanted) {
  for (const json::key_value_pair& member : wanted) {
    const json::value* const found = is.if_contains(member.key());
    if (member.key() == "changes" && found) {
      const json::array& changes = found->as_array();
      const json::array& expected = member.value().as_array();
      if (changes.size() != expected.size()) return false;
      for (size_t i = 0; i < changes.size(); ++i) {
        if (!Tells(changes[i].as_object(), expected[i].as_object())) return false;
        for (const char* field : {"content", "completed", "pinned", "deleted_at"}) {
          if (changes[i].as_object().contains(field) != expected[i].as_object().contains(field)) return false;
        }
      }
    } else if (member.value().is_null() && member.key() != "deleted_at") {
      if (found) return false;
    } else if (!found || *found != member.value()) {
      return false;
    }
  }
  return true;
}

std::string NameOf(RunEnd::How how) {
  switch (how) {
    case RunEnd::How::kComplete:
      return "complete";
    case RunEnd::How::kDeferred:
      return "deferred";
    case RunEnd::How::kHeld:
      return "held";
    case RunEnd::How::kFailed:
      return "failed";
  }
  return "";
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

class Player {
 public:
  explicit Player(const json::object& scenario)
      : is_v1_(MaybeText(scenario, "protocol").value_or("final") == "v1"), random_(/*seed=*/1) {
    OnlyHas(scenario, {"name", "protocol", "limits", "given", "steps"});
    if (const json::value* limits = Find(scenario, "limits")) {
      const json::object& given = limits->as_object();
      OnlyHas(given, {"changes_per_request"});
      batch_max_ = static_cast<int>(Number(given.at("changes_per_request")));
    }
    Must(store_.Write([](Transaction& tx) {
      Replica replica = tx.GetReplica();
      replica.device = DeviceId(kDevice);
      tx.PutReplica(replica);
      return absl::OkStatus();
    }));
    Open();
    if (const json::value* given = Find(scenario, "given")) FirstSync(given->as_object());
  }

  std::string Step(const json::object& step) {
    OnlyHas(step, {"after", "create", "edit", "delete", "restore", "begin", "answer", "crash", "agree",
                   "refuse", "expect"});
    if (const auto after = MaybeSeconds(step, "after")) now_.value += absl::ToInt64Milliseconds(*after);
    Edit(step);
    if (const json::value* begin = Find(step, "begin")) {
      const json::object& options = begin->as_object();
      OnlyHas(options, {"may_check", "push_only"});
      Note(exchange_->Begin(
          {.may_check = Flag(options, "may_check", true), .push_only = Flag(options, "push_only")}, now_));
    }
    if (const json::value* answer = Find(step, "answer")) {
      Note(exchange_->Take(ReadAnswer(answer->as_object(), is_v1_), now_));
    }
    // What is stored is all that is left.
    if (Find(step, "crash")) Open();
    if (Find(step, "agree")) Must(AgreeToMassChange(store_, now_));
    if (Find(step, "refuse")) Must(RefuseMassChange(store_, now_));
    const json::value* const expected = Find(step, "expect");
    return expected ? Unmet(expected->as_object()) : "";
  }

 private:
  void Open() {
    exchange_.emplace(store_, random_,
                      ExchangeOptions{.generation = is_v1_ ? Generation::kV1 : Generation::kFinal,
                                      .batch_max = batch_max_});
    next_.reset();
  }

  void Note(absl::StatusOr<Next> next) {
    Must(next.status());
    next_ = *std::move(next);
  }

  // What an earlier sync brought.
  void FirstSync(const json::object& given) {
    Note(exchange_->Begin({}, now_));
    Note(exchange_->Take(ReadAnswer(given, is_v1_), now_));
    if (!std::holds_alternative<RunEnd>(*next_))
      throw std::runtime_error("what is given is not in step with itself");
  }

  void Edit(const json::object& step) {
    if (const json::value* create = Find(step, "create")) {
      const json::object& task = create->as_object();
      Must(store_.Write([&](Transaction& tx) {
        tx.Put(CreateTask(TaskId(Text(task.at("id"))), Text(task.at("content")), now_));
        return absl::OkStatus();
      }));
    }
    if (const json::value* edit = Find(step, "edit")) {
      const json::object& fields = edit->as_object();
      TaskEdit wanted{.content = MaybeText(fields, "content")};
      if (Find(fields, "completed")) wanted.completed = Flag(fields, "completed");
      if (Find(fields, "pinned")) wanted.pinned = Flag(fields, "pinned");
      Must(ChangeTask(store_, TaskId(Text(fields.at("id"))), wanted, now_).status());
    }
    if (const auto id = MaybeText(step, "delete")) Must(RemoveTask(store_, TaskId(*id), now_));
    if (const auto id = MaybeText(step, "restore")) Must(BringBack(store_, TaskId(*id), now_).status());
  }

  std::string Unmet(const json::object& expected) {
    OnlyHas(expected, {"asks", "ends", "error", "tasks", "waiting", "rejected", "conflicts", "last_sync",
                       "acked", "device_is_new", "held", "difference"});
    std::string unmet;
    for (const json::key_value_pair& member : expected) {
      const json::value is = Seen(std::string(member.key()));
      const bool met = member.key() == "asks" && member.value().is_object() && is.is_object()
                           ? AskMet(is.as_object(), member.value().as_object())
                           : is == member.value();
      if (!met) absl::StrAppend(&unmet, std::string(member.key()), " is ", json::serialize(is), "; ");
    }
    return unmet;
  }

  static bool AskMet(const json::object& is, const json::object& wanted) {
    const json::key_value_pair& kind = *wanted.begin();
    const json::value* const found = is.if_contains(kind.key());
    return found && Tells(found->as_object(), kind.value().as_object());
  }

  // What a scenario may expect, by its name.
  json::value Seen(const std::string& name) {
    const auto* const end = next_ ? std::get_if<RunEnd>(&*next_) : nullptr;
    const auto* const ask = next_ ? std::get_if<Ask>(&*next_) : nullptr;
    if (name == "asks") return ask ? json::value(Written(*ask)) : json::value(nullptr);
    if (name == "ends") return end ? json::value(NameOf(end->how)) : json::value(nullptr);
    if (name == "error") {
      return end && !end->error.ok() ? json::value(InfoOf(ErrorInfoOf(end->error).code).name)
                                     : json::value(nullptr);
    }
    if (name == "difference") return end && end->difference.has_value();
    if (name == "tasks") return VisibleTasks();
    json::value seen;
    Must(store_.Read([&](Transaction& tx) {
      seen = Stored(tx, name);
      return absl::OkStatus();
    }));
    return seen;
  }

  static json::value Stored(Transaction& tx, const std::string& name) {
    const Replica replica = tx.GetReplica();
    if (name == "last_sync") return replica.cursor.value;
    if (name == "acked") return replica.acked.value;
    if (name == "device_is_new") return replica.device != DeviceId(kDevice);
    if (name == "held") return replica.held ? json::value(replica.held->removes) : json::value(nullptr);
    json::array list;
    if (name == "waiting") {
      for (const TaskId& id : tx.ListPending()) list.emplace_back(id.value());
    } else if (name == "rejected") {
      for (const Rejection& rejection : tx.ListRejections()) {
        list.push_back(json::object{{"id", rejection.change.id.value()}, {"code", rejection.code}});
      }
    } else {
      for (const Conflict& conflict : tx.ListConflicts()) {
        list.push_back(json::object{{"id", conflict.id.value()}, {"field", NameOf(conflict.field)}});
      }
    }
    return list;
  }

  // By id: {"id": "content"}, a completed one with " (completed)" after it, a pinned one with " (pinned)".
  json::value VisibleTasks() {
    json::object tasks;
    const absl::StatusOr<std::vector<Task>> listed = ListTasks(store_, Which::kVisible);
    Must(listed.status());
    for (const Task& task : *listed) {
      tasks[task.id.value()] =
          absl::StrCat(task.content, task.completed ? " (completed)" : "", task.pinned ? " (pinned)" : "");
    }
    return tasks;
  }

  const bool is_v1_;
  int batch_max_ = 1'000;
  UnixMillis now_{kStart};
  MemoryStore store_;
  SeededRandom random_;
  std::optional<Exchange> exchange_;
  std::optional<Next> next_;
};

}  // namespace

std::string PlaySync(const json::object& scenario) {
  Player player(scenario);
  int number = 0;
  for (const json::value& step : scenario.at("steps").as_array()) {
    ++number;
    const std::string unmet = player.Step(step.as_object());
    if (!unmet.empty()) return absl::StrCat("step ", number, ": ", unmet);
  }
  return "";
}

}  // namespace tidemark::scenarios
