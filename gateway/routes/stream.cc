#include "gateway/routes/stream.h"

#include <memory>
#include <string>
#include <utility>

#include "gateway/http/guards.h"

namespace tidemark::gateway {
namespace {

// The last copy to go ends the stream, also if it was never run: the client may have left by then, or have
// asked with HEAD. A response goes on the loop where it was made.
std::shared_ptr<LiveStream> EndedByItsLastHolder(std::shared_ptr<LiveStream> live) {
  LiveStream* const raw = live.get();
  return {raw, [live = std::move(live)](LiveStream*) { live->End(); }};
}

Task<absl::StatusOr<http::Response>> Stream(SyncBackend& sync, LiveStreamOptions options,
                                            Exchange& exchange) {
  std::string last_id(exchange.request.headers.Get("Last-Event-ID").value_or(""));
  const std::shared_ptr<LiveStream> live =
      EndedByItsLastHolder(std::make_shared<LiveStream>(sync, exchange.call, std::move(last_id), options));
  absl::Status opened = co_await live->Open();
  exchange.call.trailers = live->trailers();
  if (!opened.ok()) co_return opened;
  http::Response response;
  response.headers.Set("Content-Type", "text/event-stream");
  response.headers.Set("Cache-Control", "private, no-cache");
  // Else nginx keeps events back until its buffer is full.
  response.headers.Set("X-Accel-Buffering", "no");
  response.stream = [live](http::BodyWriter& writer) { return live->Run(writer); };
  co_return response;
}

}  // namespace

void AddStreamRoutes(Router& router, SyncBackend& sync, LiveStreamOptions options) {
  router.Add("GET", "/sync/stream",
             NeedsToken([&sync, options](Exchange& exchange) { return Stream(sync, options, exchange); }));
}

}  // namespace tidemark::gateway
