// GET /tasks/{id}/history (SPEC 5.5).
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddHistoryRoutes(Router& router, SyncBackend& sync);

}  // namespace tidemark::gateway
