// The /auth routes and the key set: JSON ↔ messages (SPEC 2).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tidemark/v1/auth.pb.h"

namespace tidemark::gateway {

// Each decoder: malformed_json, bad_type, validation (a member is missing).
absl::StatusOr<v1::RegisterRequest> DecodeRegisterRequest(std::string_view body);
absl::StatusOr<v1::LoginRequest> DecodeLoginRequest(std::string_view body);
absl::StatusOr<v1::RefreshRequest> DecodeRefreshRequest(std::string_view body);
absl::StatusOr<v1::LogoutRequest> DecodeLogoutRequest(std::string_view body);
absl::StatusOr<v1::ChangePasswordRequest> DecodeChangePasswordRequest(std::string_view body);
absl::StatusOr<v1::DeleteAccountRequest> DecodeDeleteAccountRequest(std::string_view body);

std::string EncodeTokens(const v1::Tokens& tokens);
std::string EncodeSessions(const v1::ListSessionsResponse& response);
// A JWK Set (RFC 7517).
std::string EncodeJwks(const v1::GetJwksResponse& response);

}  // namespace tidemark::gateway
