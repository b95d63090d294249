#include "gateway/routes/sync_v1.h"

#include "gateway/http/guards.h"
#include "gateway/json/sync_v1_codec.h"
#include "gateway/routes/streamed_answer.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> SyncV1(SyncBackend& sync, Exchange& exchange) {
  absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(exchange.request.body);
  if (!request.ok()) co_return request.status();
  auto reader = sync.SyncV1(exchange.call, *std::move(request));
  SyncV1Encoder encoder;
  co_return co_await StreamJson(exchange, std::move(reader), std::move(encoder));
}

}  // namespace

void AddSyncV1Routes(Router& router, SyncBackend& sync) {
  router.Add("POST", "/v1/sync",
             NeedsToken(TakesJson([&sync](Exchange& exchange) { return SyncV1(sync, exchange); })));
}

}  // namespace tidemark::gateway
