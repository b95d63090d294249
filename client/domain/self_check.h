// The self-check (SPEC 6.3): does this device have as many tasks, of the same versions, as the server says?
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "client/domain/replica.h"

namespace tidemark::client {

// Full resyncs to heal a difference come no closer than this.
inline constexpr absl::Duration kHealingInterval = absl::Hours(1);

// What an ETag says of the state it names.
struct Totals {
  int64_t count = 0;
  int64_t version_sum = 0;
  bool operator==(const Totals&) const = default;
};

// `"<count>-<last_mod>-<version_sum>"`, with or without quotes. Nothing: it is not of this form.
std::optional<Totals> ParseEtag(std::string_view etag);

// What the self-check found. It holds no content.
struct Difference {
  Totals here = {};
  Totals server = {};
  // False: the last healing is less than kHealingInterval ago.
  bool heals = false;
};

// The last healing is long enough ago.
bool MayHeal(const Replica& replica, UnixMillis now);

// Nothing: all is well, or `etag` says nothing. Only with nothing pending and a complete answer.
std::optional<Difference> SelfCheck(const Replica& replica, std::string_view etag, UnixMillis now);

// As if the device had never synced: the next answer is the whole state.
void StartOver(Replica& replica);

}  // namespace tidemark::client
