// GET /sync/stream (SPEC 3.5).
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"
#include "gateway/routes/live_stream.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddStreamRoutes(Router& router, SyncBackend& sync, LiveStreamOptions options = {});

}  // namespace tidemark::gateway
