#include "services/auth/transport/service.h"

#include <optional>
#include <utility>

#include "common/net/client_address.h"
#include "common/rpc/handler.h"
#include "common/rpc/incoming_call.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/transport/revocation_stream.h"

namespace tidemark::auth {
namespace {

// RegisterRequest and LoginRequest have the same fields.
template <typename Request>
Credentials DecodeCredentials(const Request& request) {
  Credentials credentials{
      .email = request.email(), .password = request.password(), .device_id = std::nullopt};
  if (request.has_device_id()) credentials.device_id = request.device_id();
  return credentials;
}

void Encode(const Tokens& tokens, v1::Tokens& out) {
  out.set_user_id(tokens.user.value());
  out.set_access_token(tokens.access_token);
  out.set_token_type("Bearer");
  out.set_expires_in(absl::ToInt64Seconds(tokens.expires_in));
  out.set_refresh_token(tokens.refresh_token);
}

void Encode(const PublicKey& key, v1::Jwk& out) {
  out.set_kty("OKP");
  out.set_crv("Ed25519");
  out.set_alg("EdDSA");
  out.set_use("sig");
  out.set_kid(key.id);
  out.set_x(Base64UrlEncode(key.bytes));
}

void Encode(const SessionList& list, v1::ListSessionsResponse& out) {
  for (const Session& session : list.sessions) {
    v1::Session& told = *out.add_sessions();
    told.set_id(session.session.value());
    told.set_device_id(session.device.value());
    told.set_created_at(session.created_at.value);
    told.set_last_used_at(session.last_used_at.value);
    told.set_current(session.session == list.current);
  }
}

void TellLimits(const Caller& caller, rpc::ServerCall& call) {
  if (!caller.bucket.has_value()) return;
  const auto& [ask, decision] = *caller.bucket;
  call.trailers[std::string(rpc::kRateLimit)] = ratelimit::RateLimitHeader(ask, decision);
  call.trailers[std::string(rpc::kRateLimitPolicy)] = ratelimit::RateLimitPolicyHeader(ask, decision);
}

}  // namespace

Service::Service(EventLoops& loops, Engine& engine, RevocationFeed& revocations,
                 rpc::ServiceCredential credential, std::vector<IpNetwork> trusted_proxies)
    : loops_(loops),
      engine_(engine),
      revocations_(revocations),
      credential_(std::move(credential)),
      trusted_proxies_(std::move(trusted_proxies)) {}

grpc::ServerUnaryReactor* Service::Register(grpc::CallbackServerContext* context,
                                            const v1::RegisterRequest* request,
                                            v1::RegisterResponse* response) {
  return rpc::HandleUnary(
      loops_, context, [this, request, response](rpc::ServerCall& call) -> Task<absl::Status> {
        Caller caller = CallerOf(call);
        absl::StatusOr<Tokens> tokens = co_await engine_.Register(DecodeCredentials(*request), caller);
        TellLimits(caller, call);
        if (tokens.ok()) Encode(*tokens, *response->mutable_tokens());
        co_return tokens.status();
      });
}

grpc::ServerUnaryReactor* Service::Login(grpc::CallbackServerContext* context,
                                         const v1::LoginRequest* request, v1::LoginResponse* response) {
  return rpc::HandleUnary(
      loops_, context, [this, request, response](rpc::ServerCall& call) -> Task<absl::Status> {
        Caller caller = CallerOf(call);
        absl::StatusOr<Tokens> tokens = co_await engine_.Login(DecodeCredentials(*request), caller);
        TellLimits(caller, call);
        if (tokens.ok()) Encode(*tokens, *response->mutable_tokens());
        co_return tokens.status();
      });
}

grpc::ServerUnaryReactor* Service::Refresh(grpc::CallbackServerContext* context,
                                           const v1::RefreshRequest* request, v1::RefreshResponse* response) {
  return rpc::HandleUnary(
      loops_, context, [this, request, response](rpc::ServerCall& call) -> Task<absl::Status> {
        Caller caller = CallerOf(call);
        absl::StatusOr<Tokens> tokens = co_await engine_.Refresh(request->refresh_token(), caller);
        TellLimits(caller, call);
        if (tokens.ok()) Encode(*tokens, *response->mutable_tokens());
        co_return tokens.status();
      });
}

grpc::ServerUnaryReactor* Service::Logout(grpc::CallbackServerContext* context,
                                          const v1::LogoutRequest* request, v1::LogoutResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall& call) -> Task<absl::Status> {
    Caller caller = CallerOf(call);
    absl::Status ended = co_await engine_.Logout(request->refresh_token(), caller);
    TellLimits(caller, call);
    co_return ended;
  });
}

grpc::ServerUnaryReactor* Service::GetJwks(grpc::CallbackServerContext* context, const v1::GetJwksRequest*,
                                           v1::GetJwksResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, response](rpc::ServerCall& call) -> Task<absl::Status> {
    absl::StatusOr<std::vector<PublicKey>> keys = co_await engine_.GetJwks(call.origin);
    if (!keys.ok()) co_return keys.status();
    for (const PublicKey& key : *keys) Encode(key, *response->add_keys());
    co_return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* Service::ChangePassword(grpc::CallbackServerContext* context,
                                                  const v1::ChangePasswordRequest* request,
                                                  v1::ChangePasswordResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall& call) -> Task<absl::Status> {
    Caller caller = CallerOf(call);
    absl::Status changed =
        co_await engine_.ChangePassword(request->current_password(), request->new_password(), caller);
    TellLimits(caller, call);
    co_return changed;
  });
}

grpc::ServerUnaryReactor* Service::ListSessions(grpc::CallbackServerContext* context,
                                                const v1::ListSessionsRequest*,
                                                v1::ListSessionsResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, response](rpc::ServerCall& call) -> Task<absl::Status> {
    Caller caller = CallerOf(call);
    absl::StatusOr<SessionList> list = co_await engine_.ListSessions(caller);
    TellLimits(caller, call);
    if (list.ok()) Encode(*list, *response);
    co_return list.status();
  });
}

grpc::ServerUnaryReactor* Service::RevokeSession(grpc::CallbackServerContext* context,
                                                 const v1::RevokeSessionRequest* request,
                                                 v1::RevokeSessionResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall& call) -> Task<absl::Status> {
    Caller caller = CallerOf(call);
    absl::Status revoked = co_await engine_.RevokeSession(request->id(), caller);
    TellLimits(caller, call);
    co_return revoked;
  });
}

grpc::ServerUnaryReactor* Service::DeleteAccount(grpc::CallbackServerContext* context,
                                                 const v1::DeleteAccountRequest* request,
                                                 v1::DeleteAccountResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall& call) -> Task<absl::Status> {
    Caller caller = CallerOf(call);
    absl::Status deleted = co_await engine_.DeleteAccount(request->password(), caller);
    TellLimits(caller, call);
    co_return deleted;
  });
}

grpc::ServerBidiReactor<v1::WatchRevocationsRequest, v1::WatchRevocationsResponse>* Service::WatchRevocations(
    grpc::CallbackServerContext* context) {
  rpc::IncomingCall incoming(context);
  const absl::Status known = credential_.Check(incoming.call());
  return known.ok() ? RevocationStream::Open(revocations_, loops_.Next()) : RevocationStream::Refuse(known);
}

Caller Service::CallerOf(const rpc::ServerCall& call) const {
  const bool forwarded = !call.forwarded_for.empty() && credential_.Check(call).ok();
  return {.address =
              forwarded ? call.forwarded_for : ClientAddress(call.peer, call.forwarded_for, trusted_proxies_),
          .origin = call.origin,
          .authorization = call.authorization};
}

}  // namespace tidemark::auth
