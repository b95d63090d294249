// What a purge may remove of one user's data (SPEC 5.7). Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

inline constexpr int64_t kDayMillis = int64_t{24} * 60 * 60 * 1000;
// Tombstones, history and conflicts are kept no longer.
inline constexpr int64_t kKeptMillis = 90 * kDayMillis;
// Where nothing else is to be written, a device is noted as seen no more often than this (decision 16).
inline constexpr int64_t kSeenAgainMillis = 7 * kDayMillis;
// So one that was noted longer ago than this has not been seen for kKeptMillis.
inline constexpr int64_t kSeenMillis = kKeptMillis + kSeenAgainMillis;

struct DeviceProgress {
  // What it has confirmed.
  Stamp cursor;
  // When that was noted last.
  UnixMillis last_seen;
};

struct PurgeState {
  std::vector<DeviceProgress> devices;
  // When the user was last noted with a V1 client; 0: never.
  UnixMillis v1_seen;
};

struct PurgePlan {
  // Tombstones whose row has a stamp up to here. The row's stamp, not that of its deletion: pages go by it,
  // and a tombstone may be touched after a device has passed the deletion.
  Stamp tombstones_through;
  // History and conflicts up to here.
  Stamp values_through;
  // Devices last seen before.
  UnixMillis devices_seen_before;
};

// Tombstones go early, as soon as every device in use has confirmed them, unless one of them speaks V1, which
// confirms nothing, or none is known. By age they go in any case.
PurgePlan PlanPurge(const PurgeState& state, UnixMillis now);

// The same, for a user of whom nothing is known.
PurgePlan PlanPurgeByAge(UnixMillis now);

}  // namespace tidemark::sync
