// One moment of the model: the database, the cache, and where each writer and reader is (docs/cache.md).
//
// Small and without pointers: an exploration keeps millions. Heads are counted: head n is the one that the
// nth commit left. Processes keep no memory between two requests but the budget of what may still happen.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

namespace tidemark::model {

using Small = std::uint8_t;

constexpr int kWriters = 2;
constexpr int kReaders = 2;
constexpr int kGenerations = 3;
// Of leases and fences' owners.
constexpr int kTokens = 8;

// The user's key in the space of one generation; what is in it, as key.h unpacks it.
struct Key {
  enum class Kind : Small { kNothing, kHead, kLease, kFence };
  Kind kind = Kind::kNothing;
  // kHead: it. kFence: the newest published under it, plus one; 0: none.
  Small head = 0;
  // A bit for each.
  Small tokens = 0;
  bool leaves_nothing = false;
  bool operator==(const Key&) const = default;
};

struct Space {
  Key key;
  bool is_warm = false;
  bool operator==(const Space&) const = default;
};

// For how long the row says that nobody uses the cache.
enum class Suspension : Small {
  kOver,
  // Not as long as a push takes.
  kShort,
  kLong,
};

// A process' last reading of the generation's row.
struct Reading {
  Small generation = 0;
  bool is_suspended = false;
  bool operator==(const Reading&) const = default;
};

struct Writer {
  enum class At : Small {
    kIdle,
    // Next: the fence.
    kToGuard,
    // It got none. Next: to suspend the cache.
    kToSuspend,
    // Next: to lock the head and look whether the guard holds.
    kToLock,
    // Next: commit or rollback.
    kLocked,
    kToPublish,
    kToUnfence,
  };
  At at = At::kIdle;
  // As it was when the guard was put.
  Reading reading;
  // Its fence, a token plus one; 0: it goes without.
  Small fence = 0;
  // The cache was lost since the fence was put.
  bool fence_lost = false;
  // What it committed.
  Small head = 0;
  // After it has unfenced.
  bool goes_again = false;
  bool operator==(const Writer&) const = default;
};

struct Reader {
  enum class At : Small {
    kIdle,
    // Next: the cache.
    kToReadCache,
    // It found nothing. Next: the head row.
    kToReadHead,
    kToFill,
  };
  At at = At::kIdle;
  Small generation = 0;
  // kToReadCache: the newest commit when its request began. kToFill: what it read.
  Small head = 0;
  Small lease = 0;
  bool operator==(const Reader&) const = default;
};

inline bool HoldsLease(const Reader& reader) {
  return reader.at == Reader::At::kToReadHead || reader.at == Reader::At::kToFill;
}

// How often each may still happen.
struct Budget {
  Small pushes = 2;
  Small flushes = 1;
  // Of a writer's process. A reader's may die at any time.
  Small crashes = 1;
  // Of a writer by the cache: refused, or done and its answer lost.
  Small refusals = 1;
  // Fences by a writer whose cache is off for the day (metered_head_cache.h).
  Small off_fences = 0;
  bool operator==(const Budget&) const = default;
};

struct State {
  Small head = 0;
  // The generation's row.
  Small generation = 0;
  Suspension suspension = Suspension::kOver;
  // Somebody may go by a reading from before the generation was raised.
  bool is_young = false;
  // What such a reading says.
  bool was_suspended = false;
  std::array<Space, kGenerations> spaces;
  std::array<Writer, kWriters> writers;
  std::array<Reader, kReaders> readers;
  Budget budget;
  bool operator==(const State& other) const { return std::memcmp(this, &other, sizeof(State)) == 0; }
};

// A user with a head and a cache that is warm and empty.
State Begin(const Budget& budget);

// The same but for names: of two writers, of two readers, and of tokens; and without what nobody will see
// again.
State Normal(State state);

// "head 1, generation 0, suspended; cache 0: fence of {a, b}, newest 1"
std::string Describe(const State& state);

template <typename H>
H AbslHashValue(H h, const State& state) {
  static_assert(std::has_unique_object_representations_v<State>);
  return H::combine_contiguous(std::move(h), reinterpret_cast<const unsigned char*>(&state), sizeof(State));
}

}  // namespace tidemark::model
