#include "client/manager/watched_store.h"

#include <utility>

namespace tidemark::client {

WatchedStore::WatchedStore(LocalStore& store) : store_(store) {
  if (const absl::StatusOr<int64_t> revision = store_.Revision(); revision.ok()) foreign_ = *revision;
}

absl::Status WatchedStore::Write(Body body) {
  ++begun_;
  absl::Status status = store_.Write(body);
  if (status.ok()) ++stored_;
  ++ended_;
  return status;
}

bool WatchedStore::HasForeignWrites() {
  const int64_t begun = begun_;
  if (ended_ != begun) return false;
  const absl::StatusOr<int64_t> revision = store_.Revision();
  const int64_t stored = stored_;
  if (!revision.ok() || begun_ != begun) return false;
  const int64_t foreign = *revision - stored;
  return std::exchange(foreign_, foreign) != foreign;
}

}  // namespace tidemark::client
