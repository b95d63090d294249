#include "client/domain/schedule/schedule.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "client/domain/schedule/activity.h"
#include "client/domain/schedule/due.h"
#include "client/domain/schedule/sparing.h"

namespace tidemark::client {
namespace {

constexpr int64_t kDayMillis = 24 * 3'600 * int64_t{1'000};
// Processes on one store read the clock and save in either order; less than this is no clock that was set
// back.
constexpr int64_t kSetBackMillis = 60'000;

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

UnixMillis Later(UnixMillis now, absl::Duration wait) {
  return {now.value + absl::ToInt64Milliseconds(wait)};
}

MaybeTime Earlier(const MaybeTime& a, const MaybeTime& b) { return a && b ? std::min(a, b) : std::max(a, b); }

// What a run took along and did not get done, and what came up meanwhile.
Wants Joined(const Wants& taken, const Wants& later) {
  return {.edited_first = Earlier(taken.edited_first, later.edited_first),
          .edited_last = std::max(taken.edited_last, later.edited_last),
          .started = Earlier(taken.started, later.started),
          .asked = Earlier(taken.asked, later.asked),
          .head = Earlier(taken.head, later.head),
          .pull = Earlier(taken.pull, later.pull)};
}

// As a header has it, or as a stream tells it.
std::string Unquoted(std::string etag) {
  std::erase(etag, '"');
  return etag;
}

// A person asks for one attempt; after that the request waits like any other.
void AskNoMore(Wants& wants) { wants.pull = Earlier(wants.pull, std::exchange(wants.asked, std::nullopt)); }

FailedRequest Request(const std::string& code, std::optional<absl::Duration> retry_after, bool pushed) {
  return {.failure = FailureOf(code), .retry_after = retry_after, .pushed = pushed};
}

}  // namespace

std::string_view NameOf(Trigger trigger) {
  switch (trigger) {
    case Trigger::kRenew:
      return "renew";
    case Trigger::kAsk:
      return "ask";
    case Trigger::kEdit:
      return "edit";
    case Trigger::kHead:
      return "head";
    case Trigger::kPull:
      return "pull";
    case Trigger::kStart:
      return "start";
    case Trigger::kTimer:
      return "timer";
  }
  return "";
}

Schedule::Schedule(const ScheduleSettings& settings, Protocol protocol, Draw draw)
    : settings_(settings), protocol_(protocol), draw_(std::move(draw)) {}

void Schedule::On(const Event& event, UnixMillis now) {
  Rebase(now);
  const ConnectionState before = state();
  std::visit(
      Overloaded{
          [&](const event::Edited&) {
            if (!saved_.wants.edited_first) saved_.wants.edited_first = now;
            saved_.wants.edited_last = now;
            NoteEdit(saved_.changed, now);
          },
          [&](const event::AppStarted& started) { Started(started, now); },
          [&](const event::CameToFront&) { ComeToFront(presence_, settings_, now); },
          [&](const event::WentBehind&) { GoBehind(presence_, now); },
          [&](const event::Asked&) { saved_.wants.asked = now; },
          [&](const event::StreamOpened&) { presence_.stream_is_open = true; },
          [&](const event::StreamClosed&) { presence_.stream_is_open = false; },
          [&](const event::HeadTold& told) { Heard(told, now); },
          [&](const event::NetworkBack&) {
            if (saved_.connection.backoff_until) OnNetworkBack(saved_.connection, settings_, now, draw_());
          },
          [&](const event::RunBegan& began) { Began(began, now); },
          [&](const event::RunDone& done) { Done(done, now); },
          [&](const event::RunFailed& failed) { Failed(failed, now); },
          [&](const event::RunAbandoned& abandoned) {
            if (abandoned.let_in) saved_.connection.refreshed = false;
            GiveBack();
          },
          [&](const event::TokenRenewed& renewed) { OnTokenRenewed(saved_.connection, renewed.by_refresh); },
          [&](const event::RenewalFailed& failed) { RenewalFailed(failed, now); },
          [&](const event::LoggedIn&) {
            saved_.connection = {};
            saved_.wants.pull = now;
          },
          [&](const event::LoggedOut&) { saved_.connection.session = SessionState::kLoggedOut; },
          [](const event::Tick&) {},
      },
      event);
  if (state() != before || !saved_.connection.since) saved_.connection.since = now;
}

std::optional<Due> Schedule::Next() const {
  return protocol_ == Protocol::kV1 ? NextOfV1(saved_, presence_, settings_)
                                    : NextOfFinal(saved_, presence_, settings_);
}

std::string_view Schedule::message() const { return MessageOf(saved_.connection); }

bool Schedule::IsActive(UnixMillis now) const {
  return IsActiveAt(saved_.changed, settings_.inactive_after, now);
}

std::string Schedule::Save() const { return Encode(saved_); }

absl::Status Schedule::Load(std::string_view saved) {
  absl::StatusOr<SavedState> state = Decode(saved);
  if (!state.ok()) return state.status();
  saved_ = *std::move(state);
  return absl::OkStatus();
}

void Schedule::Rebase(UnixMillis now) {
  if (!saved_.born) saved_.born = now;
  if (saved_.seen && now.value < saved_.seen->value - kSetBackMillis) {
    Shift(saved_, presence_, now.value - saved_.seen->value);
  }
  saved_.seen = std::max(saved_.seen, MaybeTime(now));
}

void Schedule::Started(const event::AppStarted& started, UnixMillis now) {
  const int64_t day = (now.value + absl::ToInt64Milliseconds(started.utc_offset)) / kDayMillis;
  if (protocol_ == Protocol::kFinal && day == saved_.start_day) return;
  saved_.start_day = day;
  saved_.wants.started = now;
}

void Schedule::Heard(const event::HeadTold& told, UnixMillis now) {
  saved_.head_etag = Unquoted(told.etag);
  if (saved_.head_etag == saved_.etag) {
    saved_.wants.head.reset();
  } else if (!saved_.wants.head) {
    saved_.wants.head = now;
  }
}

void Schedule::Began(const event::RunBegan& began, UnixMillis now) {
  // What a process took along that died is taken along as well.
  saved_.taken = Joined(saved_.taken, std::exchange(saved_.wants, {}));
  saved_.run_began = now;
  saved_.run_trigger = began.trigger;
}

void Schedule::Done(const event::RunDone& done, UnixMillis now) {
  for (const LimitTold& limit : done.limits) NoteLimit(saved_, limit, now);
  const bool by_timer = saved_.run_trigger == Trigger::kTimer;
  presence_.timers_in_a_row = presence_.in_front && by_timer ? presence_.timers_in_a_row + 1 : 0;
  saved_.taken = {};
  saved_.run_began.reset();
  saved_.synced = now;
  saved_.timer_jitter = DrawJitter();
  saved_.quiet_until.reset();
  if (done.next_sync_in)
    saved_.quiet_until = Later(now, std::min(*done.next_sync_in, settings_.wait.server_longest));
  if (done.deferred_for) {
    const absl::Duration wait =
        std::clamp(*done.deferred_for, settings_.wait.deferred_shortest, settings_.wait.server_longest);
    saved_.wants.pull = Later(now, wait + std::min(wait, settings_.wait.midnight_spread) * draw_());
  }
  saved_.etag = Unquoted(done.etag.value_or(""));
  NoteEtag(saved_.changed, saved_.etag, now);
  if (saved_.wants.head && saved_.head_etag == saved_.etag) saved_.wants.head.reset();
  if (done.edits_are_left && !saved_.wants.edited_first) {
    saved_.wants.edited_first = saved_.wants.edited_last = now;
  }
  OnSuccess(saved_.connection, !done.deferred_for);
}

void Schedule::Failed(const event::RunFailed& failed, UnixMillis now) {
  for (const LimitTold& limit : failed.limits) NoteLimit(saved_, limit, now);
  const FailedRequest request = Request(failed.code, failed.retry_after, failed.pushed);
  // A token that was good and has expired since says nothing against the session.
  if (failed.let_in) saved_.connection.refreshed = false;
  if (request.failure == Failure::kToken) {
    GiveBack();
    OnFailure(saved_.connection, request, settings_, now, 0);
  } else if (protocol_ == Protocol::kV1) {
    // What it was wanted for comes along with the next timer, start or edit.
    saved_.taken = {};
    saved_.run_began.reset();
    saved_.tried = now;
    saved_.timer_jitter = DrawJitter();
    saved_.connection.v1_failed = true;
    saved_.connection.refreshed = false;
  } else {
    GiveBack();
    AskNoMore(saved_.wants);
    OnFailure(saved_.connection, request, settings_, now, IsSpread(request.failure) ? draw_() : 0);
  }
}

void Schedule::RenewalFailed(const event::RenewalFailed& failed, UnixMillis now) {
  AskNoMore(saved_.wants);
  const FailedRequest request = Request(failed.code, failed.retry_after, /*pushed=*/true);
  OnRenewalFailed(saved_.connection, request, settings_, now, IsSpread(request.failure) ? draw_() : 0);
}

void Schedule::GiveBack() {
  saved_.wants = Joined(std::exchange(saved_.taken, {}), saved_.wants);
  saved_.run_began.reset();
}

double Schedule::DrawJitter() {
  // Whole millionths, so that it is saved as it is.
  return std::round((1 + settings_.jitter * (2 * draw_() - 1)) * 1e6) / 1e6;
}

}  // namespace tidemark::client
