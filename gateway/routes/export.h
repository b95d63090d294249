// GET /export (SPEC 2).
#pragma once

#include "common/clock/clock.h"
#include "gateway/backend/sync_backend.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

// `sync` and `clock` outlive the router.
void AddExportRoutes(Router& router, SyncBackend& sync, const Clock& clock);

}  // namespace tidemark::gateway
