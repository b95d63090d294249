#include "services/auth/transport/service.h"

#include <optional>
#include <utility>

#include "common/rpc/handler.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/crypto.h"

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

void TellLimits(const Caller& caller, rpc::ServerCall& call) {
  if (!caller.bucket.has_value()) return;
  const auto& [ask, decision] = *caller.bucket;
  call.trailers[std::string(rpc::kRateLimit)] = ratelimit::RateLimitHeader(ask, decision);
  call.trailers[std::string(rpc::kRateLimitPolicy)] = ratelimit::RateLimitPolicyHeader(ask, decision);
}

}  // namespace

Service::Service(EventLoops& loops, Engine& engine, std::string service_token)
    : loops_(loops), engine_(engine), service_token_(std::move(service_token)) {}

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
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall&) -> Task<absl::Status> {
    absl::StatusOr<Tokens> tokens = co_await engine_.Refresh(request->refresh_token());
    if (tokens.ok()) Encode(*tokens, *response->mutable_tokens());
    co_return tokens.status();
  });
}

grpc::ServerUnaryReactor* Service::Logout(grpc::CallbackServerContext* context,
                                          const v1::LogoutRequest* request, v1::LogoutResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall&) -> Task<absl::Status> {
    return engine_.Logout(request->refresh_token());
  });
}

grpc::ServerUnaryReactor* Service::GetJwks(grpc::CallbackServerContext* context, const v1::GetJwksRequest*,
                                           v1::GetJwksResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, response](rpc::ServerCall&) -> Task<absl::Status> {
    absl::StatusOr<std::vector<PublicKey>> keys = co_await engine_.GetJwks();
    if (!keys.ok()) co_return keys.status();
    for (const PublicKey& key : *keys) Encode(key, *response->add_keys());
    co_return absl::OkStatus();
  });
}

Caller Service::CallerOf(const rpc::ServerCall& call) const {
  const bool trusted = !service_token_.empty() && EqualSecrets(call.service_token, service_token_);
  const bool forwarded = trusted && !call.forwarded_for.empty();
  return {.address = forwarded ? call.forwarded_for : call.peer,
          .request_id = call.request_id,
          .bucket = std::nullopt};
}

}  // namespace tidemark::auth
