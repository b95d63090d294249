// POST /sync and GET /sync/check (SPEC 3).
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddSyncRoutes(Router& router, SyncBackend& sync);

}  // namespace tidemark::gateway
