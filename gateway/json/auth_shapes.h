// The JSON of auth.proto's messages (SPEC 2). For the .cc files of this folder, and for tests.
#pragma once

#include "gateway/json/shape.h"
#include "tidemark/v1/auth.pb.h"

namespace tidemark::gateway {

// Register and login take the same members.
template <typename Message>
inline constexpr auto kCredentials = ShapeOf<Message>(TIDEMARK_JSON(email).Required(),
                                                      TIDEMARK_JSON(password).Required(),
                                                      TIDEMARK_JSON(device_id));
template <>
inline constexpr auto kShape<v1::RegisterRequest> = kCredentials<v1::RegisterRequest>;
template <>
inline constexpr auto kShape<v1::LoginRequest> = kCredentials<v1::LoginRequest>;

// Refresh and logout take the same member.
template <typename Message>
inline constexpr auto kRefreshToken = ShapeOf<Message>(TIDEMARK_JSON(refresh_token).Required());
template <>
inline constexpr auto kShape<v1::RefreshRequest> = kRefreshToken<v1::RefreshRequest>;
template <>
inline constexpr auto kShape<v1::LogoutRequest> = kRefreshToken<v1::LogoutRequest>;

template <>
inline constexpr auto kShape<v1::ChangePasswordRequest> = ShapeOf<v1::ChangePasswordRequest>(
    TIDEMARK_JSON(current_password).Required(), TIDEMARK_JSON(new_password).Required());

template <>
inline constexpr auto kShape<v1::DeleteAccountRequest> =
    ShapeOf<v1::DeleteAccountRequest>(TIDEMARK_JSON(password).Required());

template <>
inline constexpr auto kShape<v1::Tokens> = ShapeOf<v1::Tokens>(TIDEMARK_JSON(user_id),
                                                               TIDEMARK_JSON(access_token),
                                                               TIDEMARK_JSON(token_type),
                                                               TIDEMARK_JSON(expires_in),
                                                               TIDEMARK_JSON(refresh_token));

template <>
inline constexpr auto kShape<v1::Session> = ShapeOf<v1::Session>(TIDEMARK_JSON(id), TIDEMARK_JSON(device_id),
                                                                 TIDEMARK_JSON(created_at),
                                                                 TIDEMARK_JSON(last_used_at),
                                                                 TIDEMARK_JSON(current));

template <>
inline constexpr auto kShape<v1::ListSessionsResponse> =
    ShapeOf<v1::ListSessionsResponse>(TIDEMARK_JSON(sessions));

template <>
inline constexpr auto kShape<v1::Jwk> = ShapeOf<v1::Jwk>(TIDEMARK_JSON(kty), TIDEMARK_JSON(crv),
                                                         TIDEMARK_JSON(alg), TIDEMARK_JSON(use),
                                                         TIDEMARK_JSON(kid), TIDEMARK_JSON(x));

template <>
inline constexpr auto kShape<v1::GetJwksResponse> = ShapeOf<v1::GetJwksResponse>(TIDEMARK_JSON(keys));

}  // namespace tidemark::gateway
