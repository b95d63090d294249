// GET /openapi.json, GET /docs and its style sheet.
#pragma once

#include "gateway/http/router.h"
#include "gateway/http/static_files.h"

namespace tidemark::gateway {

// The contract as files, for AddContractRoutes.
StaticFiles ContractFiles();

// A route per file, named by its path in metrics. `files` outlives the router.
void AddContractRoutes(Router& router, const StaticFiles& files);

}  // namespace tidemark::gateway
