// When a client syncs, and what it shows of it (SPEC 6.1, 6.2, and 6.3 "sparing tokens"). No clock, no I/O,
// no thread.
//
//   Schedule schedule(DefaultScheduleSettings(), Protocol::kFinal, draw);
//   schedule.On(event::Edited{}, now);
//   if (std::optional<Due> due = schedule.Next(); due && due->at <= now) {
//     schedule.On(event::RunBegan{due->trigger}, now);
//     …                                                    // push, pull
//     schedule.On(event::RunDone{.etag = etag, .next_sync_in = absl::Hours(6)}, now);
//   }
//   store.Put("schedule", schedule.Save());
//
// Several processes share one store: each loads what is saved (Load) before it tells an event, and saves in
// the same transaction. What is true of a process alone (in front or behind, its live stream) is not saved
// and outlives Load.
//
// `now` may jump. A clock set back shifts all that is kept, as if no time had passed meanwhile; after a leap
// forward, what became due is done once. A client that stays looks at the clock now and then (event::Tick),
// because waiting for a time notices neither a sleep of the machine nor a clock that was set.
//
// Laws: while somebody is logged in a Final client always has something due, never further off than the
// longest wait a server may ask for; and every run that ends moves what is due on, whatever the answers say.
//
// Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/domain/schedule/connection.h"
#include "client/domain/schedule/due.h"
#include "client/domain/schedule/event.h"
#include "client/domain/schedule/settings.h"
#include "client/domain/schedule/state.h"
#include "common/clock/clock.h"

namespace tidemark::client {

enum class Protocol { kV1, kFinal };

class Schedule {
 public:
  // 0 … 1, 1 excluded. Drawn in this order: by RunDone once for the next timer, and, if the pull was put off,
  // once more; by RunFailed and RenewalFailed once where a wait is spread (no answer, quota_exhausted,
  // read_paused; V1: once for the next timer); by NetworkBack once if the client was offline.
  using Draw = std::function<double()>;

  // `settings` outlives the schedule.
  Schedule(const ScheduleSettings& settings, Protocol protocol, Draw draw);

  void On(const Event& event, UnixMillis now);

  // What to do next, and from when on: sync, or (kRenew) get a new access token. In the latter case look
  // first whether the store has another token than the one that was refused, which another process put there;
  // only otherwise spend the refresh token. Nothing: nothing is due until another event. `at` may be past.
  std::optional<Due> Next() const;

  ConnectionState state() const { return StateOf(saved_.connection); }
  // When it became so.
  UnixMillis state_since() const { return saved_.connection.since.value_or(UnixMillis{}); }
  // What the person is told of it; empty: nothing.
  std::string_view message() const;
  bool is_logged_out() const { return saved_.connection.session == SessionState::kLoggedOut; }
  // A task was created or edited within the last seven days.
  bool IsActive(UnixMillis now) const;

  // A few hundred bytes of ASCII.
  std::string Save() const;
  // INVALID_ARGUMENT, and nothing changes: `saved` is not what Save() gave. What a newer version saved is
  // read as far as this one knows it.
  absl::Status Load(std::string_view saved);

 private:
  void Began(const event::RunBegan& began, UnixMillis now);
  void Done(const event::RunDone& done, UnixMillis now);
  void Failed(const event::RunFailed& failed, UnixMillis now);
  void Heard(const event::HeadTold& told, UnixMillis now);
  void Started(const event::AppStarted& started, UnixMillis now);
  void RenewalFailed(const event::RenewalFailed& failed, UnixMillis now);
  // What the run was wanted for is wanted still.
  void GiveBack();
  void Rebase(UnixMillis now);
  double DrawJitter();

  const ScheduleSettings& settings_;
  const Protocol protocol_;
  const Draw draw_;
  SavedState saved_;
  Presence presence_;
};

}  // namespace tidemark::client
