#include "services/sync/engine/purge.h"

#include <algorithm>

namespace tidemark::sync {
namespace {

// A push of the same user waits for one transaction at most: a few milliseconds.
constexpr int kRowsMax = 500;
constexpr int kUsersMax = 1'000;

void Add(const PurgedRows& more, PurgedRows& sum) {
  sum.tombstones += more.tombstones;
  sum.history += more.history;
  sum.conflicts += more.conflicts;
  sum.devices += more.devices;
}

// No kind was cut.
bool IsAll(const PurgedRows& rows) {
  return std::max({rows.tombstones, rows.history, rows.conflicts, rows.devices}) < kRowsMax;
}

}  // namespace

Task<absl::StatusOr<PurgeReport>> Purger::PurgeAll(std::function<bool()> stopping) {
  PurgeReport report;
  std::optional<UserId> after{UserId()};
  while (after && !stopping()) {
    const UsersQuery query{.after = *after, .plan = PlanPurgeByAge(clock_.Now()), .users_max = kUsersMax};
    absl::StatusOr<UsersToPurge> found = co_await store_.ReadUsersToPurge(query);
    if (!found.ok()) co_return found.status();
    for (const UserId& user : found->users) {
      PurgedRows removed;
      const absl::Status status = co_await PurgeOne(user, stopping, removed);
      if (!status.ok() && store_.IsAway()) co_return status;
      if (!status.ok()) ++report.users_failed;
      if (removed != PurgedRows()) ++report.users;
      Add(removed, report.removed);
    }
    after = std::move(found->next_after);
  }
  co_return report;
}

Task<absl::Status> Purger::PurgeOne(UserId user, std::function<bool()> stopping, PurgedRows& removed) {
  const DecidePurge decide = [now = clock_.Now()](const PurgeState& state) { return PlanPurge(state, now); };
  while (!stopping()) {
    const absl::StatusOr<PurgedRows> some = co_await store_.Purge(user, decide, kRowsMax);
    if (!some.ok()) co_return some.status();
    Add(*some, removed);
    if (IsAll(*some)) break;
  }
  co_return absl::OkStatus();
}

}  // namespace tidemark::sync
