#include "gateway/json/auth_codec.h"

#include "gateway/json/auth_shapes.h"

namespace tidemark::gateway {

absl::StatusOr<v1::RegisterRequest> DecodeRegisterRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::RegisterRequest>);
}

absl::StatusOr<v1::LoginRequest> DecodeLoginRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::LoginRequest>);
}

absl::StatusOr<v1::RefreshRequest> DecodeRefreshRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::RefreshRequest>);
}

absl::StatusOr<v1::LogoutRequest> DecodeLogoutRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::LogoutRequest>);
}

absl::StatusOr<v1::ChangePasswordRequest> DecodeChangePasswordRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::ChangePasswordRequest>);
}

absl::StatusOr<v1::DeleteAccountRequest> DecodeDeleteAccountRequest(std::string_view body) {
  return DecodeObject(body, kShape<v1::DeleteAccountRequest>);
}

std::string EncodeTokens(const v1::Tokens& tokens) { return EncodeObject(kShape<v1::Tokens>, tokens); }

std::string EncodeSessions(const v1::ListSessionsResponse& response) {
  return EncodeObject(kShape<v1::ListSessionsResponse>, response);
}

std::string EncodeJwks(const v1::GetJwksResponse& response) {
  return EncodeObject(kShape<v1::GetJwksResponse>, response);
}

}  // namespace tidemark::gateway
