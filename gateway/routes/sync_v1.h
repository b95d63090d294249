// POST /v1/sync (SPEC 4).
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddSyncV1Routes(Router& router, SyncBackend& sync);

}  // namespace tidemark::gateway
