// A store that knows whether somebody else has written to it: another process on the same file.
#pragma once

#include <atomic>
#include <cstdint>

#include "client/store/local_store.h"

namespace tidemark::client {

// Thread-safe. HasForeignWrites is for one thread.
class WatchedStore final : public LocalStore {
 public:
  // `store` outlives it, and counts in Revision() each Write of its own, and those of others as at least
  // one.
  explicit WatchedStore(LocalStore& store);

  absl::Status Write(Body body) override;
  absl::Status Read(Body body) override { return store_.Read(body); }
  absl::StatusOr<int64_t> Revision() override { return store_.Revision(); }

  // Since the last call that said true, or since this was made. Says false while a Write of this object is
  // under way: ask again. May say true for nothing.
  bool HasForeignWrites();

 private:
  LocalStore& store_;
  std::atomic<int64_t> begun_ = 0;
  std::atomic<int64_t> ended_ = 0;
  std::atomic<int64_t> stored_ = 0;
  // What Revision() is beyond our own writes. Nothing: it could not be read yet.
  std::optional<int64_t> foreign_;
};

}  // namespace tidemark::client
