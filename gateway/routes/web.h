// GET / and the files of the web page.
#pragma once

#include "gateway/http/router.h"
#include "gateway/http/static_files.h"

namespace tidemark::gateway {

// A route per file. `files` outlives the router.
void AddWebRoutes(Router& router, const StaticFiles& files);

}  // namespace tidemark::gateway
