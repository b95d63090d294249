// Exactly once (SPEC 5.6): which of a device's numbered changes were applied, and what they were. Pure.
//
//   switch (ledger.Recognise(change)) {
//     case Delivery::kNew: …apply…; ledger.Record(change, ""); break;
//     case Delivery::kRetry: …nothing…; break;
//     case Delivery::kForked: …reject device_forked…; break;
//   }
//
// It is read and written in the transaction that applies the changes. That is enough: a second copy of a
// change either finds its number recorded with its hash, or finds that the first copy was never committed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

enum class Delivery {
  kNew,
  // Applied (or rejected) before.
  kRetry,
  // The number was used for another change: the device was cloned, or restored from a snapshot.
  kForked,
};

// A number whose answer the device is not known to have stored.
struct AppliedMutation {
  MutationId id;
  // Of what was asked: id, given fields, updated_at.
  uint64_t hash = 0;
  // The code it was rejected with; empty: it was stored.
  std::string rejected;
  bool operator==(const AppliedMutation&) const = default;
};

inline constexpr std::size_t kAppliedMax = 2'000;

struct DeviceLedger {
  DeviceId device;
  // The highest number used.
  MutationId highest;
  // Rising numbers, at most kAppliedMax, the newest.
  std::vector<AppliedMutation> applied;

  // `change` carries a mutation number.
  Delivery Recognise(const Change& change) const;
  // The code `change`, a retry, was rejected with; empty: it was stored.
  std::string RejectedAs(const Change& change) const;
  // Uses up the number of `change`.
  void Record(const Change& change, std::string rejected);
  // The device has stored the answers up to `acked`.
  void Forget(MutationId acked);

  bool operator==(const DeviceLedger&) const = default;
};

// The same for equal requests on every machine and build: it is stored.
uint64_t HashOf(const Change& change);

}  // namespace tidemark::sync
