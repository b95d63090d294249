#include "tests/scenarios/schedule_events.h"

#include <stdexcept>

#include "tests/scenarios/json_reading.h"

namespace tidemark::scenarios {
namespace {

using namespace client;  // NOLINT: the events by their names

Trigger ReadTrigger(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Trigger::kTimer); ++i) {
    if (NameOf(static_cast<Trigger>(i)) == name) return static_cast<Trigger>(i);
  }
  throw std::runtime_error("no trigger " + name);
}

std::vector<LimitTold> ReadLimits(const json::object& step) {
  std::vector<LimitTold> limits;
  const json::value* const given = Find(step, "limits");
  if (given == nullptr) return limits;
  for (const json::value& item : given->as_array()) {
    const json::object& limit = item.as_object();
    OnlyHas(limit, {"policy", "r", "t", "q", "w"});
    limits.push_back({.policy = Text(limit.at("policy")),
                      .remaining = limit.at("r").to_number<int64_t>(),
                      .limit = limit.at("q").to_number<int64_t>(),
                      .reset = Seconds(limit.at("t")),
                      .window = Seconds(limit.at("w"))});
  }
  return limits;
}

}  // namespace

Event ReadEvent(const std::string& name, const json::object& step) {
  if (name == "edited") return event::Edited{};
  if (name == "app_started") {
    const json::value* const offset = Find(step, "utc_offset_minutes");
    return event::AppStarted{.utc_offset = absl::Minutes(offset ? Number(*offset) : 0)};
  }
  if (name == "came_to_front") return event::CameToFront{};
  if (name == "went_behind") return event::WentBehind{};
  if (name == "asked") return event::Asked{};
  if (name == "stream_opened") return event::StreamOpened{};
  if (name == "stream_closed") return event::StreamClosed{};
  if (name == "head_told") return event::HeadTold{.etag = Text(step.at("etag"))};
  if (name == "network_back") return event::NetworkBack{};
  if (name == "run_began") return event::RunBegan{.trigger = ReadTrigger(Text(step.at("trigger")))};
  if (name == "run_done") {
    return event::RunDone{
        .etag = MaybeText(step, "etag"),
        .next_sync_in = MaybeSeconds(step, "next_sync_in"),
        .deferred_for = Flag(step, "pull_deferred") ? MaybeSeconds(step, "retry_after") : std::nullopt,
        .edits_are_left = Flag(step, "edits_are_left"),
        .limits = ReadLimits(step)};
  }
  if (name == "run_failed") {
    return event::RunFailed{.code = Text(step.at("code")),
                            .retry_after = MaybeSeconds(step, "retry_after"),
                            .pushed = Flag(step, "pushed"),
                            .limits = ReadLimits(step)};
  }
  if (name == "run_abandoned") return event::RunAbandoned{};
  if (name == "token_renewed") return event::TokenRenewed{.by_refresh = Flag(step, "by_refresh", true)};
  if (name == "renewal_failed") {
    return event::RenewalFailed{.code = Text(step.at("code")),
                                .retry_after = MaybeSeconds(step, "retry_after")};
  }
  if (name == "logged_in") return event::LoggedIn{};
  if (name == "logged_out") return event::LoggedOut{};
  if (name == "tick") return event::Tick{};
  throw std::runtime_error("no event " + name);
}

}  // namespace tidemark::scenarios
