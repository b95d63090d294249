#include "gateway/routes/jwks.h"

#include "gateway/http/json_response.h"
#include "gateway/json/auth_codec.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> GetJwks(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::GetJwksResponse> keys = co_await auth.GetJwks(exchange.call);
  if (!keys.ok()) co_return keys.status();
  http::Response response = JsonResponse(200, EncodeJwks(*keys));
  // Short, so that a verifier elsewhere learns of a new key well before it signs alone.
  response.headers.Set("Cache-Control", "public, max-age=30");
  co_return response;
}

}  // namespace

void AddJwksRoutes(Router& router, AuthBackend& auth) {
  router.Add("GET", "/.well-known/jwks.json",
             [&auth](Exchange& exchange) { return GetJwks(auth, exchange); });
}

}  // namespace tidemark::gateway
