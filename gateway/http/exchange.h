// One request on its way through the gateway.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/http/server.h"
#include "common/rpc/context.h"

namespace tidemark::gateway {

struct Exchange {
  http::Request request;
  // What stands in the path where the route's pattern has {names}.
  std::map<std::string, std::string> path_values;
  // For calls to the services on behalf of this request: carries its origin and the client's address. What
  // comes back in its trailers goes out as headers, with errors too.
  rpc::ClientCall call;
};

// The exchange outlives the task. A Status becomes problem+json.
using RouteHandler = std::function<Task<absl::StatusOr<http::Response>>(Exchange&)>;

}  // namespace tidemark::gateway
