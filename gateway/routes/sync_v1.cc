#include "gateway/routes/sync_v1.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"
#include "gateway/json/sync_v1_codec.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> SyncV1(SyncBackend& sync, Exchange& exchange) {
  absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(exchange.request.body);
  if (!request.ok()) co_return request.status();
  absl::StatusOr<v1::SyncV1Response> answer = co_await sync.SyncV1(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return JsonResponse(200, EncodeSyncV1Response(*answer));
}

}  // namespace

void AddSyncV1Routes(Router& router, SyncBackend& sync) {
  router.Add("POST", "/v1/sync",
             NeedsToken(TakesJson([&sync](Exchange& exchange) { return SyncV1(sync, exchange); })));
}

}  // namespace tidemark::gateway
