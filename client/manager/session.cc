#include "client/manager/session.h"

#include "client/transport/tells_code.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

// A refresh, and the wait for another's.
constexpr absl::Duration kRefreshTimeout = absl::Seconds(15);
constexpr absl::Duration kGatePatience = absl::Seconds(30);

absl::Status SignInNeeded() { return Error(Code::kMissingToken, "nobody is logged in on this device"); }

}  // namespace

bool IsSignInNeeded(const absl::Status& status) {
  return absl::IsUnauthenticated(status) && TellsCode(status);
}

bool IsTokenRefused(const absl::Status& status) {
  if (!TellsCode(status)) return false;
  const Code code = ErrorInfoOf(status).code;
  return code == Code::kExpiredToken || code == Code::kInvalidToken || code == Code::kMissingToken;
}

absl::StatusOr<Renewed> Session::Token(Cancellation& cancellation) {
  absl::StatusOr<std::optional<SavedSession>> saved = credentials_.Load();
  // Nothing but a log-in mends it.
  if (absl::IsDataLoss(saved.status()))
    return Error(Code::kMissingToken, std::string(saved.status().message()));
  if (!saved.ok()) return saved.status();
  if (!*saved) return SignInNeeded();
  if (clock_.Now() < (*saved)->access_expires_at) return Renewed{(*saved)->access_token, false};
  return Renew((*saved)->access_token, cancellation);
}

absl::StatusOr<Renewed> Session::Renew(const std::string& refused, Cancellation& cancellation) {
  absl::StatusOr<Gate::Pass> pass = gate_.Enter(kGatePatience, cancellation);
  if (!pass.ok()) return pass.status();
  absl::StatusOr<std::optional<SavedSession>> saved = credentials_.Load();
  if (!saved.ok()) return saved.status();
  if (!*saved) return SignInNeeded();
  if ((*saved)->access_token != refused) return Renewed{(*saved)->access_token, false};
  const Call call{.access_token = "", .timeout = kRefreshTimeout, .cancellation = &cancellation};
  absl::StatusOr<Tokens> tokens = transport_.Refresh(call, (*saved)->refresh_token);
  // Was the answer lost, the token is spent, and soon nobody takes it for the last one any more (SPEC 9):
  // later, after a backoff, would be too late.
  if (absl::IsUnavailable(tokens.status()) && !TellsCode(tokens.status()))
    tokens = transport_.Refresh(call, (*saved)->refresh_token);
  // Died here? The spent token is good for a while longer (SPEC 9), and gives the same successor.
  if (!tokens.ok()) {
    if (IsSignInNeeded(tokens.status())) {
      if (absl::Status cleared = credentials_.Clear(); !cleared.ok()) return cleared;
    }
    return tokens.status();
  }
  if (absl::Status kept = Keep(*tokens, (*saved)->email); !kept.ok()) return kept;
  return Renewed{tokens->access_token, true};
}

absl::Status Session::Enter(const Tokens& tokens, const std::string& email, Cancellation& cancellation) {
  absl::StatusOr<Gate::Pass> pass = gate_.Enter(kGatePatience, cancellation);
  if (!pass.ok()) return pass.status();
  return Keep(tokens, email);
}

absl::StatusOr<std::optional<std::string>> Session::Leave(Cancellation& cancellation) {
  absl::StatusOr<Gate::Pass> pass = gate_.Enter(kGatePatience, cancellation);
  if (!pass.ok()) return pass.status();
  absl::StatusOr<std::optional<SavedSession>> saved = credentials_.Load();
  if (absl::Status cleared = credentials_.Clear(); !cleared.ok()) return cleared;
  // What cannot be read is cleared as well.
  if (!saved.ok() || !*saved) return std::optional<std::string>();
  return std::optional((*saved)->refresh_token);
}

absl::Status Session::Keep(const Tokens& tokens, const std::string& email) {
  const int64_t lives = absl::ToInt64Milliseconds(tokens.expires_in);
  return credentials_.Save({.user_id = tokens.user_id,
                            .email = email,
                            .access_token = tokens.access_token,
                            .access_expires_at = UnixMillis{clock_.Now().value + lives},
                            .refresh_token = tokens.refresh_token});
}

}  // namespace tidemark::client
