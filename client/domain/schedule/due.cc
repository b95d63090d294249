#include "client/domain/schedule/due.h"

#include <algorithm>
#include <cmath>

#include "client/domain/schedule/activity.h"
#include "client/domain/schedule/connection.h"
#include "client/domain/schedule/sparing.h"

namespace tidemark::client {
namespace {

UnixMillis Later(UnixMillis now, absl::Duration wait) {
  return {now.value + absl::ToInt64Milliseconds(wait)};
}

absl::Duration Jittered(absl::Duration timer, const SavedState& state) {
  return absl::Milliseconds(std::llround(absl::ToDoubleMilliseconds(timer) * state.timer_jitter));
}

// Gathers what may be due and keeps the first. What was due by the last event comes in the order of triggers.
class Soonest {
 public:
  explicit Soonest(const SavedState& state) : seen_(state.seen.value_or(UnixMillis{})) {}
  // Nothing in `wanted`: it is not.
  void Offer(Trigger trigger, const MaybeTime& wanted, const MaybeTime& not_before = std::nullopt) {
    if (!wanted) return;
    const Due offered{.at = std::max(wanted, not_before).value(), .trigger = trigger};
    const Due rank{.at = std::max(offered.at, seen_), .trigger = trigger};
    if (due_ && rank_ <= rank) return;
    due_ = offered;
    rank_ = rank;
  }
  std::optional<Due> due() const { return due_; }

 private:
  const UnixMillis seen_;
  std::optional<Due> due_;
  Due rank_;
};

MaybeTime Debounced(const Wants& wants, Spared spared) {
  if (!wants.edited_first) return std::nullopt;
  return std::min(Later(*wants.edited_last, spared.debounce), Later(*wants.edited_first, spared.bound));
}

// A run that has not ended by then died with its process, and gave nothing back. Until then its timer is not
// due again.
MaybeTime DeadFrom(const SavedState& state, const ScheduleSettings& settings) {
  if (!state.run_began) return std::nullopt;
  return Later(*state.run_began, settings.wait.run_longest);
}

std::optional<Due> Renewal(const SavedState& state, const MaybeTime& not_before) {
  const UnixMillis expired = state.connection.expired.value_or(UnixMillis{});
  return Due{.at = std::max(MaybeTime(expired), not_before).value(), .trigger = Trigger::kRenew};
}

UnixMillis TimerOfFinal(const SavedState& state, const Presence& presence, const ScheduleSettings& settings) {
  // Who has never synced is due at once.
  if (!state.synced) return state.born.value_or(UnixMillis{});
  const UnixMillis synced = *state.synced;
  const bool active = IsActiveAt(state.changed, settings.inactive_after, synced);
  const absl::Duration behind = active ? settings.final.behind_active : settings.final.behind_inactive;
  const UnixMillis behind_due =
      std::max(MaybeTime(Later(synced, Jittered(behind, state))), state.quiet_until).value();
  // With a stream open there is nothing to look for; the long timer is for a stream that lies.
  if (!presence.in_front || presence.stream_is_open) return behind_due;
  const std::vector<absl::Duration>& timers = settings.final.front_timers;
  const size_t row = std::min<size_t>(presence.timers_in_a_row, timers.size() - 1);
  const UnixMillis from = std::max(MaybeTime(synced), presence.visit_since).value();
  MaybeTime front_due = Later(from, Jittered(timers[row], state));
  // An idle server suggests what the long timer is anyway. Only what is longer than that asks for quiet.
  const bool asks_for_quiet = state.quiet_until > MaybeTime(Later(synced, behind * (1 + settings.jitter)));
  if (asks_for_quiet) front_due = std::max(front_due, state.quiet_until);
  return std::min(*front_due, behind_due);
}

}  // namespace

std::optional<Due> NextOfV1(const SavedState& state, const Presence& presence,
                            const ScheduleSettings& settings) {
  if (state.connection.session == SessionState::kLoggedOut) return std::nullopt;
  if (state.connection.session == SessionState::kExpired)
    return Renewal(state, RenewalWaitsUntil(state.connection));
  Soonest soonest(state);
  soonest.Offer(Trigger::kAsk, state.wants.asked);
  soonest.Offer(Trigger::kEdit, Debounced(state.wants, {settings.v1.debounce, settings.v1.debounce_bound}));
  soonest.Offer(Trigger::kStart, state.wants.started);
  soonest.Offer(Trigger::kPull, state.wants.pull);
  soonest.Offer(Trigger::kPull, DeadFrom(state, settings));
  const MaybeTime last = std::max(state.synced, state.tried);
  if (presence.in_front) {
    soonest.Offer(Trigger::kTimer, last ? Later(*last, Jittered(settings.v1.timer, state)) : state.born,
                  DeadFrom(state, settings));
  }
  return soonest.due();
}

std::optional<Due> NextOfFinal(const SavedState& state, const Presence& presence,
                               const ScheduleSettings& settings) {
  const Connection& connection = state.connection;
  const Wants& wants = state.wants;
  if (connection.session == SessionState::kLoggedOut) return std::nullopt;
  if (connection.session == SessionState::kExpired) {
    return Renewal(state, wants.asked ? connection.limited_until : RenewalWaitsUntil(connection));
  }
  const MaybeTime pushes_wait = PushesWaitUntil(connection);
  const MaybeTime reads_wait = ReadsWaitUntil(connection);
  // A read that finds news takes a token of sync, or, with a stream open, of live.
  const MaybeTime polls_wait = std::max(reads_wait, HasTokenFrom(state.sync));
  const MaybeTime head_waits =
      presence.stream_is_open ? std::max(reads_wait, HasTokenFrom(state.live)) : polls_wait;
  Soonest soonest(state);
  soonest.Offer(Trigger::kAsk, wants.asked, AskWaitsUntil(connection, wants.edited_first.has_value()));
  if (wants.edited_last) {
    soonest.Offer(Trigger::kEdit, Debounced(wants, SparedDebounce(state, settings, *wants.edited_last)),
                  pushes_wait);
  }
  if (wants.head) {
    soonest.Offer(Trigger::kHead, Later(*wants.head, SparedGather(state, settings, *wants.head)), head_waits);
  }
  soonest.Offer(Trigger::kPull, wants.pull, polls_wait);
  soonest.Offer(Trigger::kPull, DeadFrom(state, settings),
                state.taken.edited_first ? pushes_wait : polls_wait);
  soonest.Offer(Trigger::kStart, wants.started, polls_wait);
  soonest.Offer(Trigger::kTimer, TimerOfFinal(state, presence, settings),
                std::max(polls_wait, DeadFrom(state, settings)));
  return soonest.due();
}

void ComeToFront(Presence& presence, const ScheduleSettings& settings, UnixMillis now) {
  if (presence.in_front) return;
  const bool goes_on =
      presence.behind_since && now <= Later(*presence.behind_since, settings.final.visit_gap);
  presence.in_front = true;
  if (goes_on && presence.visit_since) return;
  presence.visit_since = now;
  presence.timers_in_a_row = 0;
}

void GoBehind(Presence& presence, UnixMillis now) {
  if (!presence.in_front) return;
  presence.in_front = false;
  presence.behind_since = now;
}

}  // namespace tidemark::client
