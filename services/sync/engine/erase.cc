#include <utility>

#include "common/ids/uuid.h"
#include "common/status/error.h"
#include "services/sync/engine/engine.h"

namespace tidemark::sync {
Task<absl::Status> Engine::EraseUser(UserId user) {
  if (!IsUuid(user.value())) {
    co_return Error(Code::kValidation, "user_id must be a UUID", {.pointer = "/user_id"});
  }
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();
  co_return co_await heads_.Erase(*data_set, std::move(user));
}

}  // namespace tidemark::sync
