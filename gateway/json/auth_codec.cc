#include "gateway/json/auth_codec.h"

#include "gateway/json/reader.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {
namespace {

// Register and login take the same members.
template <typename Message>
constexpr Member<Message> kCredentialMembers[] = {
    {"email", Text<&Message::mutable_email>, kRequired},
    {"password", Text<&Message::mutable_password>, kRequired},
    {"device_id", Text<&Message::mutable_device_id>},
};

// Refresh and logout take the same member.
template <typename Message>
constexpr Member<Message> kRefreshTokenMembers[] = {
    {"refresh_token", Text<&Message::mutable_refresh_token>, kRequired},
};

constexpr Member<v1::ChangePasswordRequest> kPasswordMembers[] = {
    {"current_password", Text<&v1::ChangePasswordRequest::mutable_current_password>, kRequired},
    {"new_password", Text<&v1::ChangePasswordRequest::mutable_new_password>, kRequired},
};

constexpr Member<v1::DeleteAccountRequest> kDeletionMembers[] = {
    {"password", Text<&v1::DeleteAccountRequest::mutable_password>, kRequired},
};

template <typename Message>
absl::StatusOr<Message> Decode(std::string_view body, std::span<const Member<Message>> members) {
  Message message;
  absl::Status status = ReadBody(body, [&](const Node& root) { return ReadObject(root, members, message); });
  if (!status.ok()) return status;
  return message;
}

}  // namespace

absl::StatusOr<v1::RegisterRequest> DecodeRegisterRequest(std::string_view body) {
  return Decode<v1::RegisterRequest>(body, kCredentialMembers<v1::RegisterRequest>);
}

absl::StatusOr<v1::LoginRequest> DecodeLoginRequest(std::string_view body) {
  return Decode<v1::LoginRequest>(body, kCredentialMembers<v1::LoginRequest>);
}

absl::StatusOr<v1::RefreshRequest> DecodeRefreshRequest(std::string_view body) {
  return Decode<v1::RefreshRequest>(body, kRefreshTokenMembers<v1::RefreshRequest>);
}

absl::StatusOr<v1::LogoutRequest> DecodeLogoutRequest(std::string_view body) {
  return Decode<v1::LogoutRequest>(body, kRefreshTokenMembers<v1::LogoutRequest>);
}

absl::StatusOr<v1::ChangePasswordRequest> DecodeChangePasswordRequest(std::string_view body) {
  return Decode<v1::ChangePasswordRequest>(body, kPasswordMembers);
}

absl::StatusOr<v1::DeleteAccountRequest> DecodeDeleteAccountRequest(std::string_view body) {
  return Decode<v1::DeleteAccountRequest>(body, kDeletionMembers);
}

std::string EncodeTokens(const v1::Tokens& tokens) {
  JsonWriter json;
  json.BeginObject().Key("user_id").Text(tokens.user_id());
  json.Key("access_token").Text(tokens.access_token()).Key("token_type").Text(tokens.token_type());
  json.Key("expires_in").Integer(tokens.expires_in());
  json.Key("refresh_token").Text(tokens.refresh_token()).EndObject();
  return std::move(json).Take();
}

std::string EncodeSessions(const v1::ListSessionsResponse& response) {
  JsonWriter json;
  json.BeginObject().Key("sessions").BeginArray();
  for (const v1::Session& session : response.sessions()) {
    json.BeginObject().Key("id").Text(session.id()).Key("device_id").Text(session.device_id());
    json.Key("created_at").Integer(session.created_at()).Key("last_used_at").Integer(session.last_used_at());
    json.Key("current").Flag(session.current()).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Take();
}

std::string EncodeJwks(const v1::GetJwksResponse& response) {
  JsonWriter json;
  json.BeginObject().Key("keys").BeginArray();
  for (const v1::Jwk& key : response.keys()) {
    json.BeginObject().Key("kty").Text(key.kty()).Key("crv").Text(key.crv()).Key("alg").Text(key.alg());
    json.Key("use").Text(key.use()).Key("kid").Text(key.kid()).Key("x").Text(key.x()).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
