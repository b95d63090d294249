#include "services/sync/domain/pull.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::sync {
namespace {

constexpr Stamp kEnd{std::numeric_limits<int64_t>::max()};
// More than FormatPage ever makes.
constexpr std::size_t kPageTokenBytesMax = 256;
// What an entry weighs besides its texts, roughly, in bytes of JSON.
constexpr std::size_t kEntryBytes = 200;

std::size_t Weight(const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? text->size() : 0;
}

// Fills a page in the order of stamps until one entry too many.
class PageMaker {
 public:
  PageMaker(const Series& series, Delta delta, const std::set<TaskId>& told, PageLimits limits)
      : series_(series), delta_(std::move(delta)), told_(told), limits_(limits) {}

  Page Run() {
    const Stamp horizon = Horizon();
    auto task = delta_.tasks.begin();
    auto conflict = delta_.conflicts.begin();
    while (task != delta_.tasks.end() || conflict != delta_.conflicts.end()) {
      const bool task_first =
          conflict == delta_.conflicts.end() || (task != delta_.tasks.end() && task->stamp <= conflict->at);
      const Stamp stamp = task_first ? task->stamp : conflict->at;
      if (stamp > horizon) break;
      // A row and the conflicts of the same stamp stay together: the next page begins after the stamp.
      if (stamp > last_ && full()) {
        page_.next_after = last_;
        return std::move(page_);
      }
      task_first ? Take(*task++) : Take(*conflict++);
      last_ = stamp;
    }
    if (horizon < kEnd) page_.next_after = horizon;
    return std::move(page_);
  }

 private:
  // Up to where both lists are complete.
  Stamp Horizon() const {
    Stamp horizon = kEnd;
    if (delta_.tasks_cut) horizon = std::min(horizon, delta_.tasks.back().stamp);
    if (delta_.conflicts_cut) horizon = std::min(horizon, delta_.conflicts.back().at);
    return horizon;
  }

  bool full() const { return entries_ >= limits_.entries_max || bytes_ >= limits_.bytes_max; }

  // What goes onto the page is moved there.
  void Take(TaskRow& task) {
    if (told_.contains(task.id)) return;
    if (task.deleted()) {
      if (task.fields[Field::kDeletedAt].stamp <= series_.news_after()) return;
      page_.deleted.push_back(std::move(task.id));
      bytes_ += kEntryBytes;
    } else {
      page_.updates.push_back(ChangedAfter(std::move(task), series_.from));
      bytes_ += Weight(page_.updates.back());
    }
    ++entries_;
  }

  void Take(Conflict& conflict) {
    if (conflict.at <= series_.news_after()) return;
    bytes_ += Weight(conflict);
    page_.conflicts.push_back(std::move(conflict));
  }

  const Series& series_;
  Delta delta_;
  const std::set<TaskId>& told_;
  const PageLimits limits_;
  int entries_ = 0;
  std::size_t bytes_ = 0;
  Stamp last_;
  Page page_;
};

}  // namespace

std::size_t Weight(const TaskUpdate& update) {
  std::size_t bytes = kEntryBytes;
  for (Field field : kFields) {
    if (update.fields[field]) bytes += Weight(*update.fields[field]);
  }
  return bytes;
}

std::size_t Weight(const Conflict& conflict) {
  return kEntryBytes + Weight(conflict.kept.value) + Weight(conflict.discarded.value);
}

std::size_t Weight(const HistoryEntry& entry) { return kEntryBytes + Weight(entry.value); }

std::string FormatPage(const Series& series) {
  return absl::StrCat(series.last_sync.value, "~", series.from.value, "~", series.after.value, "~",
                      series.started.value, "~", series.epoch.value());
}

std::optional<Series> ParsePage(std::string_view page) {
  if (page.size() > kPageTokenBytesMax) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(absl::string_view(page.data(), page.size()), '~');
  Series series;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &series.last_sync.value) ||
      !absl::SimpleAtoi(parts[1], &series.from.value) || !absl::SimpleAtoi(parts[2], &series.after.value) ||
      !absl::SimpleAtoi(parts[3], &series.started.value)) {
    return std::nullopt;
  }
  series.epoch = Epoch(parts[4]);
  return series;
}

std::optional<Resync> NeedsResync(Stamp last_sync, const Head& head) {
  if (last_sync > head.high_water) return Resync::kRewound;
  if (last_sync.value > 0 && last_sync < head.purged_through) return Resync::kPurged;
  return std::nullopt;
}

TaskUpdate Whole(const TaskRow& task) { return ChangedAfter(task, Stamp{0}); }

TaskUpdate ChangedAfter(TaskRow task, Stamp from) {
  const bool whole = task.alive_since > from;
  TaskUpdate update{.id = std::move(task.id),
                    .version = task.version,
                    .updated_at = task.updated_at,
                    .device = std::move(task.device),
                    .created_at = std::nullopt,
                    .fields = {}};
  if (whole) update.created_at = task.created_at;
  for (Field field : kFields) {
    if (whole || task.fields[field].stamp > from) update.fields[field] = std::move(task.fields[field].value);
  }
  return update;
}

TaskRow ToldOf(TaskRow task) {
  for (Field field : kFields) {
    StoredField told;
    told.value = std::move(task.fields[field].value);
    told.stamp = task.fields[field].stamp;
    task.fields[field] = std::move(told);
  }
  return task;
}

Page MakePage(const Series& series, Delta delta, const std::set<TaskId>& told, PageLimits limits) {
  return PageMaker(series, std::move(delta), told, limits).Run();
}

}  // namespace tidemark::sync
