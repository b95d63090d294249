// Answers whose body is JSON.
#pragma once

#include <string>

#include "common/http/server.h"

namespace tidemark::gateway {

inline http::Response JsonResponse(int status, std::string body) {
  http::Response response{.status = status, .body = std::move(body)};
  response.headers.Set("Content-Type", "application/json");
  return response;
}

}  // namespace tidemark::gateway
