// Brings pushes to PostgreSQL: through the pool, in groups, and alone where a group did not work out.
#pragma once

#include <memory>

#include "common/pg/pool.h"
#include "services/sync/storage/postgres/push_groups.h"

namespace tidemark::sync {

// Thread-safe.
class Pushes {
 public:
  // `pool` outlives this, and finishes what was started, as ever.
  explicit Pushes(pg::Pool& pool)
      : pool_(pool), groups_(std::make_shared<PushGroups>(static_cast<std::size_t>(pool.queue_max()))) {}

  // Calls `push.done` once, as Store::Push returns.
  void Start(WaitingPush push);

  // See PushGroups.
  double load() const { return groups_->load(); }
  std::size_t waiting() const { return groups_->waiting(); }
  int64_t refused() const { return groups_->refused(); }

 private:
  pg::Pool& pool_;
  // The pool's jobs may be the last to know them.
  const std::shared_ptr<PushGroups> groups_;
};

}  // namespace tidemark::sync
