// Whether the server can be reached and is willing, and when to try again (SPEC 6.2). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "client/domain/schedule/event.h"
#include "client/domain/schedule/settings.h"
#include "client/domain/schedule/state.h"
#include "common/clock/clock.h"

namespace tidemark::client {

enum class ConnectionState { kOnline, kDegraded, kOffline };

// "online", "degraded" or "offline".
std::string_view NameOf(ConnectionState state);

ConnectionState StateOf(const Connection& connection);

// What a person is told; empty: nothing.
std::string_view MessageOf(const Connection& connection);

// What an error code asks of a client.
enum class Failure {
  // Nobody answered, or nobody who could: try again soon.
  kNoAnswer,
  kQuota,
  kReadsPaused,
  kLimited,
  kToken,
  // The same request would be refused again.
  kRefused,
};
Failure FailureOf(std::string_view code);

struct FailedRequest {
  Failure failure = Failure::kNoAnswer;
  std::optional<absl::Duration> retry_after;
  bool pushed = false;
};
// Whether OnFailure uses its draw.
bool IsSpread(Failure failure);
void OnFailure(Connection& connection, const FailedRequest& failed, const ScheduleSettings& settings,
               UnixMillis now, double draw);
// An answer was stored; `pulled`: with its pull.
void OnSuccess(Connection& connection, bool pulled);
void OnNetworkBack(Connection& connection, const ScheduleSettings& settings, UnixMillis now, double draw);
void OnTokenRenewed(Connection& connection, bool by_refresh);
void OnRenewalFailed(Connection& connection, const FailedRequest& failed, const ScheduleSettings& settings,
                     UnixMillis now, double draw);

// The time up to which requests of a kind wait, if any does. A person who asks breaks a backoff and a pause,
// not what the server's arithmetic makes certain to fail.
MaybeTime PushesWaitUntil(const Connection& connection);
MaybeTime ReadsWaitUntil(const Connection& connection);
MaybeTime AskWaitsUntil(const Connection& connection, bool pushes);
MaybeTime RenewalWaitsUntil(const Connection& connection);

}  // namespace tidemark::client
