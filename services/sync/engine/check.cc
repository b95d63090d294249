#include "services/sync/engine/engine.h"

namespace tidemark::sync {

Task<absl::StatusOr<CheckAnswer>> Engine::Check(Call& call, std::optional<std::string> if_none_match,
                                                Wildcard wildcard) {
  if (absl::Status admitted = co_await admission_.Check(call); !admitted.ok()) co_return admitted;
  const absl::StatusOr<Epoch> epoch = co_await data_set_.CurrentEpoch();
  if (!epoch.ok()) co_return epoch.status();
  const absl::StatusOr<Head> head = co_await heads_.Current(*epoch, call.user);
  if (!head.ok()) co_return head.status();
  co_return CheckAnswer{.not_modified = if_none_match && Matches(*if_none_match, *head, wildcard),
                        .head = *head};
}

}  // namespace tidemark::sync
