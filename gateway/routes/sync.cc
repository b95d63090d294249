#include "gateway/routes/sync.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"
#include "gateway/json/sync_codec.h"

namespace tidemark::gateway {
namespace {

template <typename Message>
void TakeIfNoneMatch(const http::Request& request, Message& message) {
  std::optional<std::string> etags = request.headers.GetJoined("If-None-Match");
  if (etags) message.set_if_none_match(*std::move(etags));
}

Task<absl::StatusOr<http::Response>> Check(SyncBackend& sync, Exchange& exchange) {
  v1::CheckRequest request;
  TakeIfNoneMatch(exchange.request, request);
  std::optional<std::string> device = exchange.request.Query("device_id");
  if (device) request.set_device_id(*std::move(device));
  absl::StatusOr<v1::CheckResponse> state = co_await sync.Check(exchange.call, std::move(request));
  if (!state.ok()) co_return state.status();
  http::Response response{.status = state->not_modified() ? 304 : 200};
  response.headers.Set("ETag", state->etag());
  response.headers.Set("Cache-Control", "private, no-cache");
  co_return response;
}

Task<absl::StatusOr<http::Response>> Sync(SyncBackend& sync, Exchange& exchange) {
  absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(exchange.request.body);
  if (!request.ok()) co_return request.status();
  TakeIfNoneMatch(exchange.request, *request);
  absl::StatusOr<v1::SyncResponse> answer = co_await sync.Sync(exchange.call, *std::move(request));
  if (!answer.ok()) co_return answer.status();
  http::Response response = JsonResponse(200, EncodeSyncResponse(*answer));
  if (answer->has_etag()) response.headers.Set("ETag", answer->etag());
  co_return response;
}

}  // namespace

void AddSyncRoutes(Router& router, SyncBackend& sync) {
  router.Add("GET", "/sync/check", NeedsToken([&sync](Exchange& exchange) { return Check(sync, exchange); }));
  router.Add("POST", "/sync",
             NeedsToken(TakesJson([&sync](Exchange& exchange) { return Sync(sync, exchange); })));
}

}  // namespace tidemark::gateway
