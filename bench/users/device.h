// The one device that each of the bench's users has: what tidemark-seed stores as pushed by it, tidemark-load
// goes on with.
//
//   seeded      task-1 … task-T, all of version 1, numbered 1 … T
//   edits       the first edits task-1, the next task-2 …; the one after task-T edits task-1 again
//
// So a count of edits says which task is next, its version and the number of the change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::bench {

inline constexpr char kDevice[] = "laptop";
inline constexpr char kPassword[] = "correct horse battery";

// The address of a user's account.
std::string EmailOf(std::string_view user);
// `number` from 1.
std::string TaskName(int64_t number);
// Of the length that tasks often have.
std::string TaskContent(int64_t number, int64_t version);

// Where a device is: the state it has pulled, and how many edits it has made.
struct DeviceState {
  // The ETag's three numbers, of which the second is the cursor.
  int64_t live_count = 0;
  int64_t cursor = 0;
  int64_t version_sum = 0;
  int64_t edits = 0;
  bool operator==(const DeviceState&) const = default;
};

// With its quotes.
std::string EtagOf(const DeviceState& state);
// An ETag that was the user's before.
std::string StaleEtagOf(const DeviceState& state);
// `state` with the ETag's numbers in it; nothing if `etag`, with its quotes, is none.
std::optional<DeviceState> WithEtag(DeviceState state, std::string_view etag);

struct Edit {
  int64_t task = 0;
  int64_t version = 0;
  int64_t mutation = 0;
  bool operator==(const Edit&) const = default;
};

// The edit after `edits` earlier ones of a user who was seeded with `tasks` > 0.
Edit NextEdit(int64_t edits, int64_t tasks);

}  // namespace tidemark::bench
