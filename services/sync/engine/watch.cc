#include <utility>

#include "common/status/error.h"
#include "services/sync/engine/engine.h"

namespace tidemark::sync {

// Costs what a check does: it tells as much at once.
Task<absl::Status> Engine::Watch(Call& call, std::optional<std::string> if_none_match, WatchSink sink) {
  if (absl::Status open = admission_.Day(call, ratelimit::Access::kRead); !open.ok()) co_return open;
  if (absl::Status admitted = co_await admission_.Check(call); !admitted.ok()) co_return admitted;
  // Opened before the head is read: a commit in between is heard.
  const absl::StatusOr<std::shared_ptr<WatchHub::Stream>> stream =
      watches_.Open(call.user, call.session, call.token_expires_at);
  if (!stream.ok()) co_return stream.status();
  sink.when_gone([weak = std::weak_ptr(*stream)] {
    if (const auto watched = weak.lock()) watched->End(absl::CancelledError("the client has gone"));
  });
  if (absl::Status read = co_await ReadWatched(call.user); !read.ok()) co_return read;
  for (;;) {
    const absl::StatusOr<Head> head = co_await (*stream)->Next();
    if (!head.ok()) co_return head.status();
    if (if_none_match && Matches(*if_none_match, *head, Wildcard::kNever)) continue;
    if (absl::Status sent = co_await sink.send(*head); !sent.ok()) co_return sent;
  }
}

Task<absl::Status> Engine::ReadWatched(UserId user) {
  absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();
  const absl::StatusOr<Head> head = co_await heads_.Current(*data_set, user);
  if (!head.ok()) co_return head.status();
  // A slow reading of a data set that was restored meanwhile tells nobody.
  const absl::StatusOr<DataSetState> now = co_await data_set_.Current();
  if (now.ok() && now->epoch == data_set->epoch) watches_.Found(user, {data_set->epoch, *head});
  co_return now.status();
}

Task<void> Engine::Tick() {
  watches_.EndExpired(clock_.Now());
  const std::vector<UserId> due = watches_.TakeDue();
  for (const UserId& user : due) {
    const absl::Status read = co_await ReadWatched(user);
    if (read.ok()) continue;
    // The others would meet the same.
    watches_.ReadAllSoon();
    co_return;
  }
}

}  // namespace tidemark::sync
