// A pull: what a device that holds a cursor has not seen (SPEC 3.3). Pure.
//
// A series is one pull in one or more pages:
//
//      from ........ after ................ high_water at the start ......... high_water now
//       │  sent in earlier pages │  this page and later ones, by stamp, whatever is written meanwhile │
//
// Stamps only grow, and a task changed during the series moves to its end: so nothing is skipped.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

// Where a series is.
struct Series {
  // As the device sent it; repeated until the last page.
  Stamp last_sync;
  // The device has seen all up to here: last_sync, or 0 when it must start over.
  Stamp from;
  // Sent already in this series.
  Stamp after;
  // The head's high_water when the series began.
  Stamp started;
  Epoch epoch;
  bool operator==(const Series&) const = default;

  // Deletions and conflicts up to here are none of the device's business: it never had the tasks.
  Stamp news_after() const { return from.value == 0 ? started : from; }
  // Deletions after it are still to be told: a purge beyond it breaks the series.
  Stamp told_through() const { return std::max(news_after(), after); }
};

// `page` as the device sends it back, opaque to it.
std::string FormatPage(const Series& series);
// Nothing if `page` was not made by FormatPage.
std::optional<Series> ParsePage(std::string_view page);

enum class Resync { kPurged, kRewound };

// Why a device with this cursor must start over; nothing: it need not.
std::optional<Resync> NeedsResync(Stamp last_sync, const Head& head);

// A task as it is told: absent fields did not change.
struct TaskUpdate {
  TaskId id;
  Version version;
  UnixMillis updated_at;
  DeviceId device;
  // Present when the task is whole.
  std::optional<UnixMillis> created_at;
  PerField<std::optional<FieldValue>> fields;
};

TaskUpdate Whole(const TaskRow& task);
// The fields changed after `from`; whole if this life of the task began after it.
TaskUpdate ChangedAfter(TaskRow task, Stamp from);

// What a delta holds of a row: of each field the value and its stamp, and nothing else of its last change.
TaskRow ToldOf(TaskRow task);

// Rows changed after Series::after, both by rising stamp, as the store found them.
struct Delta {
  // As ToldOf leaves them.
  std::vector<TaskRow> tasks;
  std::vector<Conflict> conflicts;
  // The store stopped at its limit: there may be more beyond the last stamp of the list.
  bool tasks_cut = false;
  bool conflicts_cut = false;
};

struct Page {
  std::vector<TaskUpdate> updates;
  std::vector<TaskId> deleted;
  std::vector<Conflict> conflicts;
  // Set: the page is full, and the next one begins after this stamp.
  std::optional<Stamp> next_after;
};

struct PageLimits {
  // Updates and deletions.
  int entries_max = 1000;
  std::size_t bytes_max = 1024 * 1024;
};

// About how many bytes an entry takes as JSON.
std::size_t Weight(const TaskUpdate& update);
std::size_t Weight(const Conflict& conflict);
std::size_t Weight(const HistoryEntry& entry);

// At least one entry if there is any. Tasks in `told` are left out: they are told otherwise.
Page MakePage(const Series& series, Delta delta, const std::set<TaskId>& told, PageLimits limits);

}  // namespace tidemark::sync
