// What tells a browser to make nothing of an answer but what it is for.
#pragma once

#include "common/http/server.h"

namespace tidemark::gateway {

// Adds what the route has not set: no guessing of types, no embedding elsewhere, no caching, and for what is
// opened as a page by mistake, nothing to load. A 304 keeps the headers of the answer it confirms, and stays
// as small as it is.
void AddSecurityHeaders(http::Response& response);

}  // namespace tidemark::gateway
