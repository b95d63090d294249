// Who is logged in, and the tokens that prove it (SPEC 9). An access token that has expired is renewed once,
// whichever thread of whichever process notices first: the others find the new one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/credentials/credential_store.h"
#include "client/manager/gate.h"
#include "client/transport/sync_transport.h"
#include "common/clock/clock.h"

namespace tidemark::client {

// An access token, and how it came.
struct Renewed {
  std::string access_token = {};
  // False: it was there already, put there by another.
  bool by_refresh = false;
};

// Nobody is logged in (any more): the person has to, and no repetition helps.
bool IsSignInNeeded(const absl::Status& status);
// The access token was refused.
bool IsTokenRefused(const absl::Status& status);

// Thread-safe.
class Session {
 public:
  // All outlive this. `gate`: over all who share the credentials.
  Session(SyncTransport& transport, CredentialStore& credentials, Gate& gate, const Clock& clock)
      : transport_(transport), credentials_(credentials), gate_(gate), clock_(clock) {}

  // Nothing: nobody is logged in.
  absl::StatusOr<std::optional<SavedSession>> Load() { return credentials_.Load(); }

  // The access token to use; renewed, if it has expired by this device's clock: that spares a request that
  // would be refused. kUnauthenticated with a code: IsSignInNeeded. Otherwise nothing is known against the
  // session.
  absl::StatusOr<Renewed> Token(Cancellation& cancellation);
  // One instead of `refused`.
  absl::StatusOr<Renewed> Renew(const std::string& refused, Cancellation& cancellation);

  absl::Status Enter(const Tokens& tokens, const std::string& email, Cancellation& cancellation);
  // Nobody is logged in; the refresh token of who was, for the service to be told.
  absl::StatusOr<std::optional<std::string>> Leave(Cancellation& cancellation);

 private:
  absl::Status Keep(const Tokens& tokens, const std::string& email);

  SyncTransport& transport_;
  CredentialStore& credentials_;
  Gate& gate_;
  const Clock& clock_;
};

}  // namespace tidemark::client
