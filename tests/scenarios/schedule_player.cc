#include "tests/scenarios/schedule_player.h"

#include <cmath>
#include <deque>
#include <optional>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "client/domain/schedule/schedule.h"
#include "client/domain/schedule/watchdog.h"
#include "tests/scenarios/json_reading.h"
#include "tests/scenarios/schedule_events.h"
#include "tests/scenarios/settings_by_name.h"

namespace tidemark::scenarios {
namespace {

using client::Due;
using client::Protocol;
using client::Schedule;
using client::ScheduleSettings;

// Thursday, 2026-01-01T00:00:00Z.
constexpr int64_t kStart = 1'767'225'600'000;
// Once a scenario's draws are used up: no jitter, and half of each spread.
constexpr double kMiddle = 0.5;

class Player {
 public:
  explicit Player(const json::object& scenario)
      : protocol_(MaybeText(scenario, "protocol").value_or("final") == "v1" ? Protocol::kV1
                                                                            : Protocol::kFinal) {
    OnlyHas(scenario, {"name", "protocol", "settings", "now", "draws", "steps"});
    if (const json::value* settings = Find(scenario, "settings")) {
      for (const json::key_value_pair& setting : settings->as_object()) {
        Set(settings_, std::string(setting.key()), setting.value());
      }
    }
    if (const json::value* now = Find(scenario, "now")) now_.value = now->to_number<int64_t>();
    if (const json::value* draws = Find(scenario, "draws")) {
      for (const json::value& draw : draws->as_array()) draws_.push_back(Number(draw));
    }
    Open();
  }

  std::string Step(const json::object& step) {
    if (const auto after = MaybeSeconds(step, "after")) now_.value += absl::ToInt64Milliseconds(*after);
    if (const auto event = MaybeText(step, "event")) Happen(*event, step);
    const json::value* const expected = Find(step, "expect");
    return expected ? Unmet(expected->as_object()) : "";
  }

  size_t draws_left() const { return draws_.size(); }

 private:
  void Open() {
    schedule_.emplace(settings_, protocol_, [this] {
      if (draws_.empty()) return kMiddle;
      const double draw = draws_.front();
      draws_.pop_front();
      return draw;
    });
  }

  void Happen(const std::string& event, const json::object& step) {
    if (event == "edited" && !oldest_unsent_) oldest_unsent_ = now_;
    if (event == "synced" || event == "run_done") oldest_unsent_.reset();
    if (event == "synced" || event == "sync_failed") {
      const std::optional<Due> due = schedule_->Next();
      schedule_->On(client::event::RunBegan{due ? due->trigger : client::Trigger::kTimer}, now_);
      schedule_->On(ReadEvent(event == "synced" ? "run_done" : "run_failed", step), now_);
    } else if (event == "run_began" && !Find(step, "trigger")) {
      schedule_->On(client::event::RunBegan{schedule_->Next().value().trigger}, now_);
    } else if (event == "process_restarted") {
      const std::string saved = schedule_->Save();
      Open();
      if (!schedule_->Load(saved).ok()) throw std::runtime_error("what was saved cannot be loaded");
    } else {
      schedule_->On(ReadEvent(event, step), now_);
    }
  }

  std::string Unmet(const json::object& expected) const {
    OnlyHas(expected, {"next", "state", "state_for", "message", "logged_out", "active", "unsent_overdue"});
    std::string unmet;
    const auto compare = [&](const char* what, const std::string& is) {
      const json::value* const wanted = Find(expected, what);
      if (wanted && Text(*wanted) != is)
        absl::StrAppend(&unmet, what, " is ", is, ", not ", Text(*wanted), "; ");
    };
    compare("state", std::string(NameOf(schedule_->state())));
    compare("message", std::string(schedule_->message()));
    const auto compare_flag = [&](const char* what, bool is) {
      const json::value* const wanted = Find(expected, what);
      if (wanted && wanted->as_bool() != is) absl::StrAppend(&unmet, what, " is ", is, "; ");
    };
    compare_flag("logged_out", schedule_->is_logged_out());
    compare_flag("active", schedule_->IsActive(now_));
    compare_flag("unsent_overdue",
                 client::IsOverdue(client::UnsentFor(oldest_unsent_, now_), settings_.unsent_overdue));
    if (const auto lasted = MaybeSeconds(expected, "state_for")) {
      const int64_t is = now_.value - schedule_->state_since().value;
      if (is != absl::ToInt64Milliseconds(*lasted))
        absl::StrAppend(&unmet, "the state has lasted ", is, " ms; ");
    }
    if (const json::value* next = Find(expected, "next")) unmet += NextUnmet(*next);
    return unmet;
  }

  std::string NextUnmet(const json::value& wanted) const {
    const std::optional<Due> due = schedule_->Next();
    if (!due || wanted.is_null())
      return due.has_value() == !wanted.is_null() ? "" : "next is " + TextOf(due) + "; ";
    OnlyHas(wanted.as_object(), {"in", "trigger"});
    const bool met = due->at.value - now_.value == absl::ToInt64Milliseconds(Seconds(wanted.at("in"))) &&
                     NameOf(due->trigger) == Text(wanted.at("trigger"));
    return met ? "" : "next is " + TextOf(due) + "; ";
  }

  std::string TextOf(const std::optional<Due>& due) const {
    if (!due) return "nothing";
    return absl::StrCat(std::string(NameOf(due->trigger)), " in ",
                        static_cast<double>(due->at.value - now_.value) / 1'000);
  }

  const Protocol protocol_;
  ScheduleSettings settings_ = client::DefaultScheduleSettings();
  UnixMillis now_{kStart};
  std::deque<double> draws_;
  std::optional<Schedule> schedule_;
  // As the store of a client would tell it.
  std::optional<UnixMillis> oldest_unsent_;
};

}  // namespace

std::string PlaySchedule(const json::object& scenario) {
  Player player(scenario);
  int number = 0;
  for (const json::value& step : scenario.at("steps").as_array()) {
    ++number;
    const std::string unmet = player.Step(step.as_object());
    if (!unmet.empty()) return absl::StrCat("step ", number, ": ", unmet);
  }
  return player.draws_left() == 0 ? "" : "draws are left";
}

}  // namespace tidemark::scenarios
