#include "gateway/routes/export.h"

#include "gateway/http/guards.h"
#include "gateway/json/export_codec.h"
#include "gateway/routes/streamed_answer.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> Export(SyncBackend& sync, const Clock& clock, Exchange& exchange) {
  ExportEncoder encoder(clock.Now());
  auto reader = sync.Export(exchange.call, v1::ExportRequest());
  absl::StatusOr<http::Response> response =
      co_await StreamJson(exchange, std::move(reader), std::move(encoder));
  if (!response.ok()) co_return response.status();
  response->headers.Set("Content-Disposition", "attachment; filename=\"tidemark-export.json\"");
  response->headers.Set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

void AddExportRoutes(Router& router, SyncBackend& sync, const Clock& clock) {
  router.Add("GET", "/export",
             NeedsToken([&sync, &clock](Exchange& exchange) { return Export(sync, clock, exchange); }));
}

}  // namespace tidemark::gateway
