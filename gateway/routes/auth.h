// POST /auth/register, /auth/login, /auth/refresh, /auth/logout, /auth/password; GET /auth/sessions, DELETE
// /auth/sessions/{id}, /auth/account (SPEC 2, 9).
#pragma once

#include "gateway/backend/auth_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `auth` outlives the router.
void AddAuthRoutes(Router& router, AuthBackend& auth);

}  // namespace tidemark::gateway
