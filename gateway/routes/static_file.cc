#include "gateway/routes/static_file.h"

#include "gateway/http/content_coding.h"

namespace tidemark::gateway {
namespace {

// Everything comes from this server; small images may be part of the style sheet.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

bool IsKnownToClient(const http::Request& request, const std::string& etag) {
  const std::optional<std::string> etags = request.headers.GetJoined("If-None-Match");
  // The quotes are part of the ETag, so a list and a weak form are found as well.
  return etags && (etags == "*" || etags->find(etag) != std::string::npos);
}

void AddDocumentHeaders(http::Headers& headers) {
  headers.Append("Content-Security-Policy", kContentSecurityPolicy);
  headers.Append("Referrer-Policy", "no-referrer");
  headers.Append("Cross-Origin-Opener-Policy", "same-origin");
}

Task<absl::StatusOr<http::Response>> Serve(const StaticFile& file, Exchange& exchange) {
  const bool has_gzip = !file.gzip_body.empty();
  const bool is_gzip = has_gzip && AcceptsGzip(exchange.request.headers);
  const std::string& etag = is_gzip ? file.gzip_etag : file.etag;
  http::Response response;
  response.headers.Append("ETag", etag);
  response.headers.Append("Cache-Control", file.cache_control);
  if (has_gzip) response.headers.Append("Vary", "Accept-Encoding");
  AddDocumentHeaders(response.headers);
  if (IsKnownToClient(exchange.request, etag)) {
    response.status = 304;
    co_return response;
  }
  response.headers.Append("Content-Type", file.content_type);
  if (is_gzip) response.headers.Append("Content-Encoding", "gzip");
  response.body = is_gzip ? file.gzip_body : file.body;
  co_return response;
}

}  // namespace

RouteHandler ServesFile(const StaticFile& file) {
  return [&file](Exchange& exchange) { return Serve(file, exchange); };
}

}  // namespace tidemark::gateway
