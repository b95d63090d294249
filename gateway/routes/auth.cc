#include "gateway/routes/auth.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"
#include "gateway/json/auth_codec.h"

namespace tidemark::gateway {
namespace {

http::Response TokensResponse(int status, const v1::Tokens& tokens) {
  http::Response response = JsonResponse(status, EncodeTokens(tokens));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

Task<absl::StatusOr<http::Response>> Register(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::RegisterRequest> request = DecodeRegisterRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::RegisterResponse> answer = co_await auth.Register(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return TokensResponse(201, answer->tokens());
}

Task<absl::StatusOr<http::Response>> Login(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::LoginRequest> request = DecodeLoginRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::LoginResponse> answer = co_await auth.Login(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return TokensResponse(200, answer->tokens());
}

Task<absl::StatusOr<http::Response>> Refresh(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::RefreshRequest> request = DecodeRefreshRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::RefreshResponse> answer = co_await auth.Refresh(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return TokensResponse(200, answer->tokens());
}

Task<absl::StatusOr<http::Response>> Logout(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::LogoutRequest> request = DecodeLogoutRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::LogoutResponse> answer = co_await auth.Logout(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return http::Response{.status = 204};
}

Task<absl::StatusOr<http::Response>> ChangePassword(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::ChangePasswordRequest> request = DecodeChangePasswordRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::ChangePasswordResponse> answer =
      co_await auth.ChangePassword(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return http::Response{.status = 204};
}

Task<absl::StatusOr<http::Response>> ListSessions(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::ListSessionsResponse> answer = co_await auth.ListSessions(exchange.call);
  if (!answer.ok()) co_return answer.status();
  co_return JsonResponse(200, EncodeSessions(*answer));
}

Task<absl::StatusOr<http::Response>> RevokeSession(AuthBackend& auth, Exchange& exchange) {
  v1::RevokeSessionRequest request;
  request.set_id(exchange.path_values.at("id"));
  absl::StatusOr<v1::RevokeSessionResponse> answer =
      co_await auth.RevokeSession(exchange.call, std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return http::Response{.status = 204};
}

Task<absl::StatusOr<http::Response>> DeleteAccount(AuthBackend& auth, Exchange& exchange) {
  absl::StatusOr<v1::DeleteAccountRequest> request = DecodeDeleteAccountRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::DeleteAccountResponse> answer =
      co_await auth.DeleteAccount(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return http::Response{.status = 204};
}

using AuthCall = Task<absl::StatusOr<http::Response>> (*)(AuthBackend&, Exchange&);

RouteHandler On(AuthBackend& auth, AuthCall call) {
  return TakesJson([&auth, call](Exchange& exchange) { return call(auth, exchange); });
}

RouteHandler SignedInOn(AuthBackend& auth, AuthCall call) { return NeedsToken(On(auth, call)); }

}  // namespace

void AddAuthRoutes(Router& router, AuthBackend& auth) {
  router.Add("POST", "/auth/register", On(auth, Register));
  router.Add("POST", "/auth/login", On(auth, Login));
  router.Add("POST", "/auth/refresh", On(auth, Refresh));
  router.Add("POST", "/auth/logout", On(auth, Logout));
  router.Add("POST", "/auth/password", SignedInOn(auth, ChangePassword));
  router.Add("GET", "/auth/sessions", SignedInOn(auth, ListSessions));
  router.Add("DELETE", "/auth/sessions/{id}", SignedInOn(auth, RevokeSession));
  router.Add("DELETE", "/auth/account", SignedInOn(auth, DeleteAccount));
}

}  // namespace tidemark::gateway
