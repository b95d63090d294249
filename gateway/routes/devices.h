// GET /devices (SPEC 3.6).
#pragma once

#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `sync` outlives the router.
void AddDevicesRoutes(Router& router, SyncBackend& sync);

}  // namespace tidemark::gateway
