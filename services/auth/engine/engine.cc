#include "services/auth/engine/engine.h"

#include <utility>

#include "common/log/log.h"
#include "common/net/ip.h"
#include "common/status/error.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/device_id.h"
#include "services/auth/domain/network.h"
#include "services/auth/domain/password_hash.h"
#include "services/auth/engine/limits.h"

namespace tidemark::auth {
namespace {

constexpr size_t kTokenIdBytes = 12;

absl::Status BadCredentials() {
  return Error(Code::kBadCredentials, "The e-mail address or the password is not right.");
}

absl::Status InvalidRefreshToken() { return Error(Code::kInvalidToken, "The refresh token is not valid."); }

// What a refresh is answered whose verdict gives no tokens.
absl::Status Refusal(Verdict verdict) {
  switch (verdict) {
    case Verdict::kExpired:
      return Error(Code::kExpiredToken, "The refresh token has expired.");
    case Verdict::kReused:
      return Error(Code::kTokenReused, "The refresh token was used before; its session has been ended.");
    case Verdict::kEnded:
    case Verdict::kRotate:
    case Verdict::kRepeat:
      break;
  }
  return InvalidRefreshToken();
}

absl::Status CheckDevice(const std::optional<std::string>& device_id) {
  return device_id.has_value() ? CheckDeviceId(*device_id) : absl::OkStatus();
}

}  // namespace

Engine::Engine(Parts parts, Policy policy) : parts_(std::move(parts)), policy_(std::move(policy)) {}

Task<absl::StatusOr<Tokens>> Engine::Register(Credentials credentials, Caller& caller) {
  absl::StatusOr<Email> email = ParseEmail(credentials.email);
  if (!email.ok()) co_return email.status();
  absl::Status acceptable = CheckNewPassword(credentials.password, policy_.password_length_min);
  if (acceptable.ok()) acceptable = CheckDevice(credentials.device_id);
  if (!acceptable.ok()) co_return acceptable;

  const std::string network = NetworkOf(caller.address);
  absl::Status admitted = co_await Take(RegisterFrom(network), caller);
  if (!admitted.ok()) co_return admitted;
  absl::StatusOr<std::shared_ptr<const SigningKey>> key = co_await parts_.keys.Signer(caller.origin);
  if (!key.ok()) co_return key.status();
  absl::StatusOr<std::string> hash = co_await parts_.hasher.Hash(credentials.password);
  if (!hash.ok()) co_return hash.status();

  Account account{.user = UserId(NewUuid(parts_.random)),
                  .email = *std::move(email),
                  .password_hash = *std::move(hash),
                  .created_at = parts_.clock.Now()};
  Opening opening = OpeningFor(account, credentials, network);
  absl::Status created = co_await parts_.accounts.CreateAccount(account, opening.session);
  if (absl::IsAlreadyExists(created)) {
    co_return Error(Code::kEmailTaken, "This e-mail address has an account.", {.pointer = "/email"});
  }
  if (!created.ok()) co_return created;
  co_return TokensFor(account.user, opening.session.session, opening.first_token, **key);
}

Task<absl::StatusOr<Tokens>> Engine::Login(Credentials credentials, Caller& caller) {
  absl::Status acceptable = CheckDevice(credentials.device_id);
  if (!acceptable.ok()) co_return acceptable;
  const std::string network = NetworkOf(caller.address);
  absl::Status admitted = co_await Take(LoginFrom(network), caller);
  if (!admitted.ok()) co_return admitted;
  NetworkHash network_hash = HashOf(network, parts_.network_key);
  absl::StatusOr<std::optional<FoundAccount>> found =
      co_await Find(credentials.email, std::move(network_hash));
  if (!found.ok()) co_return found.status();
  const bool knows_network = found->has_value() && (*found)->knows_network;
  ratelimit::Ask ask = knows_network ? LoginFromKnownNetwork(credentials.email, network)
                                     : LoginFromElsewhere(credentials.email);
  admitted = co_await Take(std::move(ask), caller);
  if (!admitted.ok()) co_return admitted;

  std::optional<Account> claimed;
  if (found->has_value()) claimed = (*found)->account;
  absl::StatusOr<Account> account = co_await Authenticate(std::move(claimed), credentials.password);
  if (!account.ok()) co_return account.status();
  absl::StatusOr<std::shared_ptr<const SigningKey>> key = co_await parts_.keys.Signer(caller.origin);
  if (!key.ok()) co_return key.status();

  Opening opening = OpeningFor(*account, credentials, network);
  absl::Status opened = co_await parts_.accounts.OpenSession(opening.session);
  // The account went away meanwhile, or its password changed.
  if (absl::IsNotFound(opened)) co_return BadCredentials();
  if (!opened.ok()) co_return opened;
  co_return TokensFor(account->user, opening.session.session, opening.first_token, **key);
}

Task<absl::StatusOr<Tokens>> Engine::Refresh(std::string refresh_token, Caller& caller) {
  absl::Status admitted = co_await Take(OtherFrom(NetworkOf(caller.address)), caller);
  if (!admitted.ok()) co_return admitted;
  std::optional<RefreshToken> presented = ParseRefreshToken(refresh_token);
  if (!presented.has_value()) co_return InvalidRefreshToken();
  absl::StatusOr<std::shared_ptr<const SigningKey>> key = co_await parts_.keys.Signer(caller.origin);
  if (!key.ok()) co_return key.status();

  const UnixMillis now = parts_.clock.Now();
  const std::vector<RefreshToken> successors = SuccessorsOf(*presented, parts_.successor_keys);
  RotationRequest request{.presented = HashOf(*presented),
                          .successor = HashOf(successors.front()),
                          .successor_expires_at = RefreshExpiry(now),
                          .now = now};
  absl::StatusOr<std::optional<Rotation>> rotation = co_await parts_.accounts.Rotate(std::move(request));
  if (!rotation.ok()) co_return rotation.status();
  if (!rotation->has_value()) co_return InvalidRefreshToken();
  const Rotation& outcome = **rotation;
  if (outcome.verdict == Verdict::kReused) {
    std::vector<Revocation> ended = {{outcome.session, now}};
    co_await parts_.revocations.Announce(std::move(ended), caller.origin);
  }
  if (outcome.verdict != Verdict::kRotate && outcome.verdict != Verdict::kRepeat) {
    co_return Refusal(outcome.verdict);
  }
  const std::optional<RefreshToken> live = TokenOf(outcome.live, successors);
  if (!live.has_value()) {
    // Another replica has derived it under a master key that this one was not given.
    log::Warning("refresh_successor_not_known", {{"session", outcome.session.value()}}, caller.origin);
    co_return InvalidRefreshToken();
  }
  co_return TokensFor(outcome.user, outcome.session, *live, **key);
}

Task<absl::Status> Engine::Logout(std::string refresh_token, Caller& caller) {
  absl::Status admitted = co_await Take(OtherFrom(NetworkOf(caller.address)), caller);
  if (!admitted.ok()) co_return admitted;
  std::optional<RefreshToken> presented = ParseRefreshToken(refresh_token);
  if (!presented.has_value()) co_return absl::OkStatus();
  absl::StatusOr<std::optional<Revocation>> ended =
      co_await parts_.accounts.EndSession(HashOf(*presented), parts_.clock.Now());
  if (!ended.ok()) co_return ended.status();
  if (!ended->has_value()) co_return absl::OkStatus();
  std::vector<Revocation> revoked = {**ended};
  co_await parts_.revocations.Announce(std::move(revoked), caller.origin);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<PublicKey>>> Engine::GetJwks(Origin origin) {
  return parts_.keys.Published(std::move(origin));
}

Task<absl::Status> Engine::Take(ratelimit::Ask ask, Caller& caller) {
  const bool is_first = !caller.bucket.has_value();
  // Whoever cannot log in cannot push: nothing here is refused as a read.
  absl::Status open = is_first ? parts_.quota.Check(ratelimit::Access::kWrite) : absl::OkStatus();
  if (!open.ok()) co_return open;
  ratelimit::Decision decision = co_await parts_.limiter.Acquire(ask, caller.origin);
  if (is_first || decision.remaining < caller.bucket->decision.remaining) {
    caller.bucket = MetBucket{.ask = ask, .decision = decision};
  }
  if (!decision.allowed)
    co_return ratelimit::RateLimitedError(decision, "Too many attempts. Try again later.");
  // What is refused uses nothing of the day: else anybody in a loop would use up everybody's.
  if (is_first) parts_.quota.Count(ratelimit::Resource::kRequests);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::optional<FoundAccount>>> Engine::Find(std::string email, NetworkHash network) {
  absl::StatusOr<Email> parsed = ParseEmail(email);
  if (!parsed.ok()) co_return std::nullopt;
  co_return co_await parts_.accounts.FindAccount(parsed->key, std::move(network));
}

Task<absl::StatusOr<Account>> Engine::Authenticate(std::optional<Account> account, std::string password) {
  // One hash is tried in any case, so that the time does not tell which part was wrong.
  const std::string hash = account.has_value() ? account->password_hash : HashOfNobody();
  const bool plausible = CouldBePassword(password);
  if (!plausible) password.clear();
  absl::StatusOr<bool> matches = co_await parts_.hasher.Matches(hash, password);
  if (!matches.ok()) co_return matches.status();
  if (!account.has_value() || !plausible || !*matches) co_return BadCredentials();
  co_return *std::move(account);
}

Engine::Opening Engine::OpeningFor(const Account& account, const Credentials& credentials,
                                   const std::string& network) {
  const UnixMillis now = parts_.clock.Now();
  RefreshToken first_token{parts_.random.Bytes(kRefreshTokenBytes)};
  return {.session = {.session = SessionId(NewUuid(parts_.random)),
                      .user = account.user,
                      .device = DeviceId(credentials.device_id.value_or("")),
                      .network = HashOf(network, parts_.network_key),
                      .password_version = account.password_version,
                      .first_token = HashOf(first_token),
                      .created_at = now,
                      .expires_at = RefreshExpiry(now)},
          .first_token = first_token};
}

Tokens Engine::TokensFor(const UserId& user, const SessionId& session, const RefreshToken& token,
                         const SigningKey& key) {
  const UnixMillis now = parts_.clock.Now();
  const AccessClaims claims{
      .scope = policy_.scope,
      .user = user,
      .session = session,
      .id = Base64UrlEncode(parts_.random.Bytes(kTokenIdBytes)),
      .issued_at = now,
      .expires_at = {now.value + absl::ToInt64Milliseconds(policy_.access_token_lifetime)}};
  return {.user = user,
          .access_token = SignAccessToken(claims, key),
          .expires_in = policy_.access_token_lifetime,
          .refresh_token = FormatRefreshToken(token)};
}

UnixMillis Engine::RefreshExpiry(UnixMillis now) const {
  return {now.value + absl::ToInt64Milliseconds(policy_.refresh_token_lifetime)};
}

}  // namespace tidemark::auth
