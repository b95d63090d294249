#include "bench/week/limited_server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/sync/domain/poll.h"

namespace tidemark::week {
namespace {

using client::LimitTold;
using ratelimit::Decision;

// As the headers have it: whole seconds, rounded up.
absl::Duration HeaderSeconds(absl::Duration exact) { return absl::Ceil(exact, absl::Seconds(1)); }

LimitTold Told(const std::string& policy, const Decision& decision) {
  return {.policy = policy,
          .remaining = decision.remaining,
          .limit = decision.limit,
          .reset = HeaderSeconds(decision.reset_after),
          .window = HeaderSeconds(decision.window)};
}

client::event::RunFailed Refused(const Decision& decision, bool pushed) {
  return {.code = "rate_limited", .retry_after = HeaderSeconds(decision.retry_after), .pushed = pushed};
}

}  // namespace

LimitedServer::LimitedServer(const ratelimit::PolicySet& policies, UserId user, UnixMillis changed)
    : policies_(policies), user_(std::move(user)), high_water_(changed) {}

client::Event LimitedServer::Run(const RunRequest& request, UnixMillis now) {
  client::event::RunDone done;
  const bool pushes = request.edits > 0;
  const auto next_sync_in = [&] {
    return absl::Seconds(sync::NextSyncIn(user_, request.device, {high_water_.value}, now, /*load=*/0));
  };
  if (!pushes && request.checks) {
    const Decision check = Take("check", now);
    if (!check.allowed) return Refused(check, false);
    done.limits.push_back(Told("check", check));
    if (request.etag == etag()) {
      done.etag = etag();
      done.next_sync_in = next_sync_in();
      return done;
    }
  }
  const std::string policy = !pushes && request.has_stream ? "live" : "sync";
  const Decision decision = Take(policy, now);
  if (!decision.allowed && !pushes) return Refused(decision, false);
  if (!decision.allowed) {
    const Decision reserve = Take("push_reserve", now);
    if (!reserve.allowed) return Refused(reserve, true);
    Store(request.edits, now);
    done.limits.push_back(Told("push_reserve", reserve));
    done.deferred_for = HeaderSeconds(decision.retry_after);
    return done;
  }
  Store(request.edits, now);
  done.limits.push_back(Told(policy, decision));
  done.etag = etag();
  done.next_sync_in = next_sync_in();
  return done;
}

client::Event LimitedServer::RunV1(const RunRequest& request, UnixMillis now) {
  const Decision decision = Take("v1_sync", now);
  if (!decision.allowed) return Refused(decision, request.edits > 0);
  Store(request.edits, now);
  return client::event::RunDone{};
}

bool LimitedServer::OpensStream(UnixMillis now) { return Take("check", now).allowed; }

std::string LimitedServer::etag() const { return absl::StrCat(1, "-", high_water_.value, "-", version_sum_); }

Decision LimitedServer::Take(const std::string& policy, UnixMillis now) {
  const auto stored = buckets_.find(policy);
  const ratelimit::Taken taken = ratelimit::Take(
      *policies_.Find(policy), stored == buckets_.end() ? std::nullopt : std::optional(stored->second),
      /*cost=*/1, now);
  if (taken.decision.allowed) buckets_[policy] = taken.bucket;
  return taken.decision;
}

void LimitedServer::Store(int edits, UnixMillis now) {
  if (edits == 0) return;
  high_water_ = std::max(now, UnixMillis{high_water_.value + 1});
  version_sum_ += edits;
}

}  // namespace tidemark::week
