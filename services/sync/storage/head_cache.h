// Heads in a cache, so that "has anything changed?" needs no database (SPEC 5.8): the port.
//
// Law: a value read here is never older than a push that was answered before the read began.
//
//        reader                                    writer
//          │ Read: nothing                            │ Fence: over whatever is there
//          │ └─ leaves a lease                        │
//          │ reads the head row                       │ transaction … commit
//          │ Fill: only if the lease is still there   │ Publish: leaves the fence; the last one out
//                                                     │          puts the newest value
//
// A push begins by putting its fence over the reader's lease, so a fill that read before the commit finds its
// lease gone. Pushes of one user that overlap share a fence: it stands until each of them has published or
// been rolled back, and then gives way to the newest head published under it. (With a fence for the latest
// alone, one that committed first could publish last and hide the other.) What each step does to a key:
// head_cache_rules.h.
//
// A cache that was lost (flushed, or restarted: a new run) has lost the fences of pushes under way. So it is
// cold at first, for longer than those can take: it gives no lease, and a fence that was put meanwhile leaves
// nothing. A crash between any two steps leaves a fence, a lease or nothing, never a stale value. A push that
// cannot reach the cache keeps everybody from it through the database (engine/data_set.h).
#pragma once

#include <optional>
#include <string>

#include "common/async/task.h"
#include "services/sync/domain/types.h"

namespace tidemark::sync {

// What Read found. At most one is set; neither: read the head row and fill nothing.
struct CacheRead {
  // purged_through is not kept.
  std::optional<Head> head;
  // To be given to Fill with the head row read after this.
  std::optional<std::string> lease;
};

// Which heads are meant: those of another epoch or generation are not seen.
struct CacheSpace {
  Epoch epoch;
  int64_t generation = 0;
  auto operator<=>(const CacheSpace&) const = default;
};

// What a fence gives way to when all under it are done.
enum class FenceLeaves {
  kTheHead,
  // Whatever was published under it: other pushes go without a fence for now.
  kNothing,
};

// Never fails: while the cache is away it reads as empty and takes nothing. Thread-safe.
class HeadCache {
 public:
  virtual ~HeadCache() = default;
  virtual Task<CacheRead> Read(CacheSpace space, UserId user) = 0;
  virtual Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) = 0;
  // Before a transaction that may change the head. Returns the fence's owner; nothing: it may not stand.
  virtual Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) = 0;
  // After its commit. Where it fails the fence stands until it expires.
  virtual Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) = 0;
  // After its rollback.
  virtual Task<void> Unfence(CacheSpace space, UserId user, std::string owner) = 0;
};

}  // namespace tidemark::sync
