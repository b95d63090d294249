// What a route asks of a request before its handler sees it.
//
//   router.Add("POST", "/sync", NeedsToken(TakesJson(handler)));
#pragma once

#include "gateway/http/exchange.h"

namespace tidemark::gateway {

// 401 missing_token without an Authorization header. Passes the header on in the exchange's call; whether it
// holds a valid token is judged by the service that is called.
RouteHandler NeedsToken(RouteHandler next);

// 415 for a body that says it is not JSON, or is compressed. A body without Content-Type is taken for JSON.
RouteHandler TakesJson(RouteHandler next);

}  // namespace tidemark::gateway
