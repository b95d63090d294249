// What the engine counts for /metrics: how syncs end, and what becomes of changes.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "common/metrics/metrics.h"
#include "services/sync/domain/push.h"
#include "services/sync/engine/active_users.h"

namespace tidemark::sync {

// A sync is what a device does to be up to date, in one request or several. It ends in one of these; a check
// that is answered "modified" ends none, for a pull follows, and a page after the first neither.
enum class SyncEnd { kNotModified, kPulled, kPushed, kV1 };

// Thread-safe. All counters are there from the start, at 0.
class SyncMetrics {
 public:
  // Both outlive this.
  SyncMetrics(metrics::Registry& registry, ActiveUsers& users);

  void Checked(const UserId& user, bool not_modified);
  void Ended(const UserId& user, SyncEnd end);
  // What was stored of so many changes.
  void Stored(std::size_t changes, const PushResult& result);

 private:
  using ByWinner = std::array<metrics::Counter*, 2>;

  ActiveUsers& users_;
  std::array<metrics::Counter*, 2> checks_;
  std::array<metrics::Counter*, 4> syncs_;
  metrics::Counter& accepted_;
  metrics::Counter& written_;
  PerField<ByWinner> conflicts_;
  // By code.
  absl::flat_hash_map<std::string, metrics::Counter*> rejected_;
};

}  // namespace tidemark::sync
