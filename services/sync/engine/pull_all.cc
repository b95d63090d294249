#include <utility>

#include "services/sync/engine/engine.h"

namespace tidemark::sync {

Task<absl::Status> Engine::PullAll(Call& call, SyncRequest request, PullSink sink) {
  std::optional<std::string> page;
  do {
    absl::StatusOr<SyncAnswer> answer = co_await Sync(call, request);
    if (!answer.ok()) co_return answer.status();
    request.page = page = answer->page;
    if (absl::Status sent = co_await sink(*std::move(answer)); !sent.ok()) co_return sent;
  } while (page);
  co_return absl::OkStatus();
}

}  // namespace tidemark::sync
