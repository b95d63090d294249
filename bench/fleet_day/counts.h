// What is counted of a lane, since it began. Sums of lanes, and differences between two times, are made
// member by member.
#pragma once

#include <cstdint>

namespace tidemark::fleet {

// Of requests that a replica was sent. What was refused is counted as such alone.
struct TransportCounts {
  // Answered by the sync service.
  int64_t checks = 0;
  int64_t not_modified = 0;
  // With changes, and without.
  int64_t pushes = 0;
  int64_t pulls = 0;
  // Checks for which the sync service sent no statement but, once a second, the data set's.
  int64_t answered_without_database = 0;
  // Of refused requests what was sent, not the problem that was answered.
  int64_t bytes_sent = 0;
  int64_t bytes_received = 0;
  // Asked of the auth service.
  int64_t refreshes = 0;
  int64_t logins = 0;
  int64_t auth_bytes_sent = 0;
  int64_t auth_bytes_received = 0;
  // Refusals, by either.
  int64_t rate_limited = 0;
  int64_t read_paused = 0;
  int64_t quota_exhausted = 0;
  int64_t errors = 0;
};

struct LaneCounts {
  // Runs of requests of which one was answered at least, by whose.
  int64_t syncs_active = 0;
  int64_t syncs_inactive = 0;
  // Those that a 304 ended.
  int64_t syncs_not_modified = 0;
  int64_t deferred_pulls = 0;
  int64_t edits = 0;
  // Changes that wait at devices, now.
  int64_t queued = 0;
  int64_t head_cache_hits = 0;
  int64_t head_cache_misses = 0;
  TransportCounts asked;

  int64_t syncs() const { return syncs_active + syncs_inactive; }
};

namespace counts_internal {

inline constexpr int64_t TransportCounts::*kOfTransport[] = {&TransportCounts::checks,
                                                             &TransportCounts::not_modified,
                                                             &TransportCounts::pushes,
                                                             &TransportCounts::pulls,
                                                             &TransportCounts::bytes_sent,
                                                             &TransportCounts::bytes_received,
                                                             &TransportCounts::refreshes,
                                                             &TransportCounts::logins,
                                                             &TransportCounts::auth_bytes_sent,
                                                             &TransportCounts::auth_bytes_received,
                                                             &TransportCounts::rate_limited,
                                                             &TransportCounts::read_paused,
                                                             &TransportCounts::quota_exhausted,
                                                             &TransportCounts::errors,
                                                             &TransportCounts::answered_without_database};
inline constexpr int64_t LaneCounts::*kOfLane[] = {
    &LaneCounts::syncs_active,     &LaneCounts::syncs_inactive, &LaneCounts::syncs_not_modified,
    &LaneCounts::deferred_pulls,   &LaneCounts::edits,          &LaneCounts::head_cache_hits,
    &LaneCounts::head_cache_misses};
// A count that was added to one of the structs and not to its list would be left out of every sum.
static_assert(sizeof(TransportCounts) == sizeof(kOfTransport) / sizeof(*kOfTransport) * sizeof(int64_t));
static_assert(sizeof(LaneCounts) - sizeof(TransportCounts) ==
              (sizeof(kOfLane) / sizeof(*kOfLane) + 1) * sizeof(int64_t));

}  // namespace counts_internal

inline LaneCounts operator+(LaneCounts a, const LaneCounts& b) {
  for (const auto count : counts_internal::kOfLane) a.*count += b.*count;
  for (const auto count : counts_internal::kOfTransport) a.asked.*count += b.asked.*count;
  a.queued += b.queued;
  return a;
}

// From `b` on. What waits is no count of what happened: it is as it is.
inline LaneCounts operator-(LaneCounts a, const LaneCounts& b) {
  for (const auto count : counts_internal::kOfLane) a.*count -= b.*count;
  for (const auto count : counts_internal::kOfTransport) a.asked.*count -= b.asked.*count;
  return a;
}

}  // namespace tidemark::fleet
