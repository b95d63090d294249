// What a single change may hold (SPEC 3.1, 3.3). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

inline constexpr std::size_t kTaskIdBytesMax = 128;
inline constexpr std::size_t kDeviceIdBytesMax = 64;
inline constexpr std::size_t kContentBytesMax = 16'384;
inline constexpr std::size_t kChangesMax = 1'000;
// A device speaks for itself; a few more allow for one that took a new name.
inline constexpr std::size_t kWritersMax = 16;
// How far a change's version may be ahead of the stored one.
inline constexpr int64_t kVersionLeadMax = 1'000;
// Keeps a sum of versions far from overflow.
inline constexpr int64_t kVersionMax = 1'000'000'000;
inline constexpr int kPageEntriesMax = 1'000;
inline constexpr std::size_t kPageBytesMax = 1024 * 1024;

// 1 … `bytes_max` of A–Z a–z 0–9 _ . : -
bool IsIdentifier(std::string_view text, std::size_t bytes_max);

// 0 … 2^53-1
bool IsTime(int64_t millis);

// Why a change cannot be stored.
struct Flaw {
  // A code of ours, e.g. "content_too_long".
  std::string_view code;
  std::string detail;
  // The member at fault, as JSON names it.
  std::string_view member;
};

// Nothing if the change names a fit device, and a fit number if any: its ledger can be asked.
std::optional<Flaw> FindWriterFlaw(const Change& change);

// Nothing if all that can be judged without the stored task is well.
std::optional<Flaw> FindFlaw(const Change& change);

}  // namespace tidemark::sync
