#include "gateway/routes/devices.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"
#include "gateway/json/devices_codec.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> ListDevices(SyncBackend& sync, Exchange& exchange) {
  absl::StatusOr<v1::ListDevicesResponse> answer = co_await sync.ListDevices(exchange.call);
  if (!answer.ok()) co_return answer.status();
  co_return JsonResponse(200, EncodeDevices(*answer));
}

}  // namespace

void AddDevicesRoutes(Router& router, SyncBackend& sync) {
  router.Add("GET", "/devices",
             NeedsToken([&sync](Exchange& exchange) { return ListDevices(sync, exchange); }));
}

}  // namespace tidemark::gateway
