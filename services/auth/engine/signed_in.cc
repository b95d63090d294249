// What a person who is signed in does with the account: the methods of Engine that need an access token.
#include <algorithm>
#include <utility>

#include "common/ids/uuid.h"
#include "common/status/error.h"
#include "services/auth/domain/bearer.h"
#include "services/auth/engine/engine.h"
#include "services/auth/engine/limits.h"

namespace tidemark::auth {
namespace {

absl::Status WrongPassword() { return Error(Code::kBadCredentials, "The password is not right."); }

absl::Status NoSuchSession() { return Error(Code::kNotFound, "You have no session of that id."); }

}  // namespace

Task<absl::Status> Engine::ChangePassword(std::string current_password, std::string new_password,
                                          Caller& caller) {
  absl::StatusOr<SignedIn> self = co_await WhoIsSignedIn(caller);
  if (!self.ok()) co_return self.status();
  absl::Status acceptable = CheckNewPassword(new_password, policy_.password_length_min, "/new_password");
  if (!acceptable.ok()) co_return acceptable;
  absl::Status confirmed = co_await ConfirmPassword(self->account, std::move(current_password), caller);
  if (!confirmed.ok()) co_return confirmed;
  absl::StatusOr<std::string> hash = co_await parts_.hasher.Hash(std::move(new_password));
  if (!hash.ok()) co_return hash.status();

  PasswordChange change{.user = self->account.user,
                        .password_hash = *std::move(hash),
                        .replaces_version = self->account.password_version,
                        .keeps = self->session,
                        .now = parts_.clock.Now()};
  absl::StatusOr<std::vector<Revocation>> ended = co_await parts_.accounts.ChangePassword(std::move(change));
  // Another change was faster, and the password that was given is not the one any more.
  if (absl::IsNotFound(ended.status())) co_return WrongPassword();
  if (!ended.ok()) co_return ended.status();
  co_await parts_.revocations.Announce(*std::move(ended), caller.origin);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<SessionList>> Engine::ListSessions(Caller& caller) {
  absl::StatusOr<SignedIn> self = co_await WhoIsSignedIn(caller);
  if (!self.ok()) co_return self.status();
  absl::Status admitted = co_await Take(OtherOf(self->account.user), caller);
  if (!admitted.ok()) co_return admitted;
  absl::StatusOr<std::vector<Session>> sessions =
      co_await parts_.accounts.ListSessions(self->account.user, parts_.clock.Now(), kSessionsListedMax);
  if (!sessions.ok()) co_return sessions.status();
  co_return SessionList{.sessions = *std::move(sessions), .current = self->session};
}

Task<absl::Status> Engine::RevokeSession(std::string session, Caller& caller) {
  absl::StatusOr<SignedIn> self = co_await WhoIsSignedIn(caller);
  if (!self.ok()) co_return self.status();
  absl::Status admitted = co_await Take(OtherOf(self->account.user), caller);
  if (!admitted.ok()) co_return admitted;
  if (!IsUuid(session)) co_return NoSuchSession();
  absl::StatusOr<Revocation> revoked = co_await parts_.accounts.RevokeSession(
      self->account.user, SessionId(std::move(session)), parts_.clock.Now());
  if (absl::IsNotFound(revoked.status())) co_return NoSuchSession();
  if (!revoked.ok()) co_return revoked.status();
  std::vector<Revocation> ended = {*revoked};
  co_await parts_.revocations.Announce(std::move(ended), caller.origin);
  co_return absl::OkStatus();
}

Task<absl::Status> Engine::DeleteAccount(std::string password, Caller& caller) {
  absl::StatusOr<SignedIn> self = co_await WhoIsSignedIn(caller);
  if (!self.ok()) co_return self.status();
  absl::Status confirmed = co_await ConfirmPassword(self->account, std::move(password), caller);
  if (!confirmed.ok()) co_return confirmed;
  const UserId& user = self->account.user;

  absl::StatusOr<std::vector<Revocation>> others =
      co_await parts_.accounts.RevokeOtherSessions(user, self->session, parts_.clock.Now());
  if (!others.ok()) co_return others.status();
  co_await parts_.revocations.Announce(*std::move(others), caller.origin);
  absl::Status erased = co_await parts_.tasks.Erase(user, caller.origin);
  if (!erased.ok()) co_return erased;
  absl::StatusOr<std::vector<Revocation>> last =
      co_await parts_.accounts.DeleteAccount(user, parts_.clock.Now());
  if (!last.ok()) co_return last.status();
  co_await parts_.revocations.Announce(*std::move(last), caller.origin);
  co_return absl::OkStatus();
}

Task<absl::Status> Engine::ConfirmPassword(Account account, std::string password, Caller& caller) {
  absl::Status admitted = co_await Take(PasswordOf(account.user), caller);
  if (!admitted.ok()) co_return admitted;
  absl::StatusOr<Account> right = co_await Authenticate(std::move(account), std::move(password));
  co_return absl::IsUnauthenticated(right.status()) ? WrongPassword() : right.status();
}

Task<absl::StatusOr<Engine::SignedIn>> Engine::WhoIsSignedIn(Caller& caller) {
  absl::StatusOr<AccessClaims> claims = co_await VerifyToken(caller);
  if (!claims.ok()) co_return claims.status();
  // The session's own: one that was ended takes nothing from the user's.
  absl::Status admitted = co_await Take(OtherOf(claims->session), caller);
  if (!admitted.ok()) co_return admitted;
  // PostgreSQL knows at once what other replicas have ended.
  absl::StatusOr<std::optional<Account>> account =
      co_await parts_.accounts.FindAccountOfSession(claims->user, claims->session, parts_.clock.Now());
  if (!account.ok()) co_return account.status();
  if (!account->has_value()) co_return InvalidTokenError();
  co_return SignedIn{.account = **std::move(account), .session = claims->session};
}

Task<absl::StatusOr<AccessClaims>> Engine::VerifyToken(const Caller& caller) {
  std::optional<std::string_view> token = BearerToken(caller.authorization);
  if (!token.has_value()) co_return MissingTokenError();
  absl::StatusOr<std::string> key_id = KeyIdOf(*token);
  if (!key_id.ok()) co_return key_id.status();
  absl::StatusOr<std::vector<PublicKey>> keys = co_await parts_.keys.Published(caller.origin);
  if (!keys.ok()) co_return keys.status();
  const auto key = std::find_if(keys->begin(), keys->end(),
                                [&key_id](const PublicKey& published) { return published.id == *key_id; });
  if (key == keys->end()) co_return InvalidTokenError();
  co_return VerifyAccessToken(*token, *key, policy_.scope, parts_.clock.Now());
}

}  // namespace tidemark::auth
