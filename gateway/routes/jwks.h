// GET /.well-known/jwks.json: the keys that access tokens are verified with (SPEC 9).
#pragma once

#include "gateway/backend/auth_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `auth` outlives the router.
void AddJwksRoutes(Router& router, AuthBackend& auth);

}  // namespace tidemark::gateway
