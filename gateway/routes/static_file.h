// How a file is served: with its ETag, 304 to those who have it, and headers that let a browser load nothing
// from elsewhere.
#pragma once

#include "gateway/http/exchange.h"
#include "gateway/http/static_files.h"

namespace tidemark::gateway {

// `file` outlives the handler.
RouteHandler ServesFile(const StaticFile& file);

}  // namespace tidemark::gateway
