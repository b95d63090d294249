// GET /usage.
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"
#include "gateway/json/usage_codec.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddUsageRoutes(Router& router, SyncBackend& sync, HttpLimits limits);

}  // namespace tidemark::gateway
