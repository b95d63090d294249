#include "services/auth/client/grpc_key_source.h"

#include <optional>
#include <utility>

#include "common/rpc/client.h"
#include "services/auth/domain/base64url.h"

namespace tidemark::auth {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

// Nothing for a key that is not of our kind; a later version may publish such beside ours.
std::optional<PublicKey> Decode(const v1::Jwk& jwk) {
  if (jwk.kty() != "OKP" || jwk.crv() != "Ed25519" || jwk.alg() != "EdDSA" || jwk.kid().empty()) {
    return std::nullopt;
  }
  std::optional<std::string> bytes = Base64UrlDecode(jwk.x());
  if (!bytes.has_value() || bytes->size() != kPublicKeyBytes) return std::nullopt;
  return PublicKey{.id = jwk.kid(), .bytes = *std::move(bytes)};
}

}  // namespace

GrpcKeySource::GrpcKeySource(std::shared_ptr<grpc::Channel> auth_service)
    : stub_(v1::AuthService::NewStub(std::move(auth_service))) {}

Task<absl::StatusOr<std::vector<PublicKey>>> GrpcKeySource::Fetch(Origin origin) {
  rpc::ClientCall call;
  call.origin = std::move(origin);
  call.timeout = kTimeout;
  absl::StatusOr<v1::GetJwksResponse> response = co_await rpc::CallUnary<v1::GetJwksResponse>(
      call, v1::GetJwksRequest(), [this](auto* context, auto* request, auto* answer, auto done) {
        stub_->async()->GetJwks(context, request, answer, std::move(done));
      });
  if (!response.ok()) co_return response.status();
  std::vector<PublicKey> keys;
  for (const v1::Jwk& jwk : response->keys()) {
    if (std::optional<PublicKey> key = Decode(jwk)) keys.push_back(*std::move(key));
  }
  co_return keys;
}

}  // namespace tidemark::auth
