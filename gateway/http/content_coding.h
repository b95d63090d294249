// How a body travels: as gzip, where the client takes it and it is worth the processor's time.
#pragma once

#include <string_view>

#include "common/async/task.h"
#include "common/http/server.h"

namespace tidemark::gateway {

// Accept-Encoding (RFC 9110 12.5.3) allows gzip, and likes it no less than a body as it is.
bool AcceptsGzip(const http::Headers& request);

// A text above 1 KiB. Events are none: each is to arrive when it happens.
bool IsWorthGzip(std::string_view content_type, size_t bytes);

// True: to be sent as Gzipped makes it. Adds Vary to a response for which Accept-Encoding decides this.
bool TakesGzip(const http::Headers& request, http::Response& response);

// The response with a body of gzip, streamed if it was. Its ETag is the same: with the API it names the state
// of the tasks and not these bytes. A large body does not keep the loop from others.
Task<http::Response> Gzipped(http::Response response);

}  // namespace tidemark::gateway
