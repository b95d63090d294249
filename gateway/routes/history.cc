#include "gateway/routes/history.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"
#include "gateway/json/history_codec.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> GetHistory(SyncBackend& sync, Exchange& exchange) {
  v1::GetHistoryRequest request;
  request.set_id(exchange.path_values["id"]);
  absl::StatusOr<v1::GetHistoryResponse> answer = co_await sync.GetHistory(exchange.call, std::move(request));
  if (!answer.ok()) co_return answer.status();
  co_return JsonResponse(200, EncodeHistory(*answer));
}

}  // namespace

void AddHistoryRoutes(Router& router, SyncBackend& sync) {
  router.Add("GET", "/tasks/{id}/history",
             NeedsToken([&sync](Exchange& exchange) { return GetHistory(sync, exchange); }));
}

}  // namespace tidemark::gateway
