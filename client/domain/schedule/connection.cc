#include "client/domain/schedule/connection.h"

#include <algorithm>
#include <utility>

namespace tidemark::client {
namespace {

constexpr int64_t kDayMillis = 24 * 3'600 * int64_t{1'000};
// Doubling further would be cut to the longest wait anyway.
constexpr int64_t kDoublingsMax = 20;

constexpr std::pair<std::string_view, Failure> kFailures[] = {
    {"quota_exhausted", Failure::kQuota},
    {"read_paused", Failure::kReadsPaused},
    {"rate_limited", Failure::kLimited},
    {"expired_token", Failure::kToken},
    {"invalid_token", Failure::kToken},
    {"missing_token", Failure::kToken},
    {"token_reused", Failure::kToken},
    {"bad_credentials", Failure::kToken},
    {"malformed_json", Failure::kRefused},
    {"bad_type", Failure::kRefused},
    {"malformed_request", Failure::kRefused},
    {"forbidden", Failure::kRefused},
    {"not_found", Failure::kRefused},
    {"method_not_allowed", Failure::kRefused},
    {"body_too_large", Failure::kRefused},
    {"too_many_changes", Failure::kRefused},
    {"unsupported_media_type", Failure::kRefused},
    {"validation", Failure::kRefused},
    {"headers_too_large", Failure::kRefused},
    {"not_implemented", Failure::kRefused},
};

UnixMillis Later(UnixMillis now, absl::Duration wait) {
  return {now.value + absl::ToInt64Milliseconds(wait)};
}

absl::Duration UntilMidnight(UnixMillis now) {
  return absl::Milliseconds(kDayMillis - now.value % kDayMillis);
}

// After so many failures in a row.
absl::Duration BackoffMax(int64_t failures, const ScheduleSettings& settings) {
  const int64_t doublings = std::clamp<int64_t>(failures - 1, 0, kDoublingsMax);
  return std::min(settings.backoff.longest, settings.backoff.first * (int64_t{1} << doublings));
}

absl::Duration Asked(const FailedRequest& failed, const ScheduleSettings& settings) {
  return std::clamp(failed.retry_after.value_or(absl::ZeroDuration()), absl::ZeroDuration(),
                    settings.wait.server_longest);
}

void TokenRefused(Connection& connection, UnixMillis now) {
  if (connection.refreshed) {
    connection.session = SessionState::kLoggedOut;
    return;
  }
  connection.session = SessionState::kExpired;
  connection.expired = now;
}

}  // namespace

std::string_view NameOf(ConnectionState state) {
  switch (state) {
    case ConnectionState::kOnline:
      return "online";
    case ConnectionState::kDegraded:
      return "degraded";
    case ConnectionState::kOffline:
      return "offline";
  }
  return "";
}

ConnectionState StateOf(const Connection& connection) {
  if (connection.backoff_until) return ConnectionState::kOffline;
  if (connection.quota_until || connection.reads_paused_until) return ConnectionState::kDegraded;
  return ConnectionState::kOnline;
}

std::string_view MessageOf(const Connection& connection) {
  if (connection.session == SessionState::kLoggedOut) return "Log in again to sync. Tasks saved locally.";
  if (connection.v1_failed) return "Sync unavailable. Try again later.";
  switch (StateOf(connection)) {
    case ConnectionState::kOffline:
      return "Offline. Tasks saved locally, will sync when the server can be reached.";
    case ConnectionState::kDegraded:
      return "Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.";
    case ConnectionState::kOnline:
      break;
  }
  return connection.refused_until ? "The server refuses what this app sends. Tasks saved locally." : "";
}

Failure FailureOf(std::string_view code) {
  for (const auto& [name, failure] : kFailures) {
    if (name == code) return failure;
  }
  return Failure::kNoAnswer;
}

bool IsSpread(Failure failure) {
  return failure == Failure::kNoAnswer || failure == Failure::kQuota || failure == Failure::kReadsPaused;
}

void OnFailure(Connection& connection, const FailedRequest& failed, const ScheduleSettings& settings,
               UnixMillis now, double draw) {
  if (failed.failure == Failure::kToken) return TokenRefused(connection, now);
  // Whoever answers otherwise has let the token in, or nobody has looked at it.
  connection.refreshed = false;
  const absl::Duration asked = Asked(failed, settings);
  if (failed.failure != Failure::kNoAnswer) {
    connection.backoff_until.reset();
    connection.unanswered = 0;
  }
  switch (failed.failure) {
    case Failure::kNoAnswer:
      connection.backoff_until = Later(now, asked + BackoffMax(++connection.unanswered, settings) * draw);
      return;
    case Failure::kQuota:
    case Failure::kReadsPaused: {
      const absl::Duration pause = failed.retry_after ? asked : UntilMidnight(now);
      const UnixMillis until = Later(now, pause + settings.wait.midnight_spread * draw);
      connection.quota_until.reset();
      (failed.failure == Failure::kQuota ? connection.quota_until : connection.reads_paused_until) = until;
      return;
    }
    case Failure::kLimited:
      (failed.pushed ? connection.limited_until : connection.reads_limited_until) =
          Later(now, std::max(asked, BackoffMax(++connection.limited, settings)));
      return;
    case Failure::kRefused:
      connection.refused_until = Later(now, std::max(asked, settings.wait.refused));
      return;
    case Failure::kToken:
      return;
  }
}

void OnSuccess(Connection& connection, bool pulled) {
  connection.backoff_until.reset();
  connection.quota_until.reset();
  connection.limited_until.reset();
  connection.refused_until.reset();
  connection.unanswered = 0;
  connection.limited = 0;
  connection.refreshed = false;
  connection.v1_failed = false;
  if (!pulled) return;
  connection.reads_paused_until.reset();
  connection.reads_limited_until.reset();
}

void OnNetworkBack(Connection& connection, const ScheduleSettings& settings, UnixMillis now, double draw) {
  if (!connection.backoff_until) return;
  connection.unanswered = 0;
  connection.backoff_until = std::min(*connection.backoff_until, Later(now, settings.backoff.first * draw));
}

void OnTokenRenewed(Connection& connection, bool by_refresh) {
  connection.session = SessionState::kLoggedIn;
  connection.expired.reset();
  connection.backoff_until.reset();
  connection.refreshed = connection.refreshed || by_refresh;
}

void OnRenewalFailed(Connection& connection, const FailedRequest& failed, const ScheduleSettings& settings,
                     UnixMillis now, double draw) {
  if (failed.failure == Failure::kToken || failed.failure == Failure::kRefused) {
    connection.session = SessionState::kLoggedOut;
    return;
  }
  OnFailure(connection, failed, settings, now, draw);
}

MaybeTime PushesWaitUntil(const Connection& connection) {
  return std::max(
      {connection.backoff_until, connection.quota_until, connection.limited_until, connection.refused_until});
}

MaybeTime ReadsWaitUntil(const Connection& connection) {
  return std::max(
      {PushesWaitUntil(connection), connection.reads_paused_until, connection.reads_limited_until});
}

MaybeTime AskWaitsUntil(const Connection& connection, bool pushes) {
  return pushes ? connection.limited_until
                : std::max(connection.limited_until, connection.reads_limited_until);
}

MaybeTime RenewalWaitsUntil(const Connection& connection) {
  return std::max({connection.backoff_until, connection.quota_until, connection.limited_until});
}

}  // namespace tidemark::client
