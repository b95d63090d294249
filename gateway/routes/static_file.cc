#include "gateway/routes/static_file.h"

namespace tidemark::gateway {
namespace {

// Everything comes from this server; small images may be part of the style sheet.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

bool IsKnownToClient(const http::Request& request, const StaticFile& file) {
  const std::optional<std::string> etags = request.headers.GetJoined("If-None-Match");
  // The quotes are part of the ETag, so a list and a weak form are found as well.
  return etags && etags->find(file.etag) != std::string::npos;
}

Task<absl::StatusOr<http::Response>> Serve(const StaticFile& file, Exchange& exchange) {
  http::Response response;
  response.headers.Set("ETag", file.etag);
  response.headers.Set("Cache-Control", file.cache_control);
  response.headers.Set("Content-Security-Policy", kContentSecurityPolicy);
  response.headers.Set("X-Content-Type-Options", "nosniff");
  response.headers.Set("Referrer-Policy", "no-referrer");
  if (IsKnownToClient(exchange.request, file)) {
    response.status = 304;
  } else {
    response.headers.Set("Content-Type", file.content_type);
    response.body = file.body;
  }
  co_return response;
}

}  // namespace

RouteHandler ServesFile(const StaticFile& file) {
  return [&file](Exchange& exchange) { return Serve(file, exchange); };
}

}  // namespace tidemark::gateway
