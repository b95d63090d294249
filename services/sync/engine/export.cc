#include <optional>
#include <utility>
#include <vector>

#include "services/sync/engine/engine.h"

namespace tidemark::sync {
namespace {

// Rows read at once: a few MiB at the largest contents.
constexpr std::size_t kRowsMax = 200;
constexpr std::size_t kPartBytesMax = 1024 * 1024;

// Gathers rows to parts of at most kPartBytesMax, each of at least one row.
class Gatherer {
 public:
  // A part that is full without `task`, which begins the next.
  std::optional<ExportPart> Add(TaskUpdate task) {
    std::optional<ExportPart> full = MakeRoom(Weight(task));
    part_.tasks.push_back(std::move(task));
    return full;
  }
  std::optional<ExportPart> Add(HistoryEntry entry) {
    std::optional<ExportPart> full = MakeRoom(Weight(entry));
    part_.history.push_back(std::move(entry));
    return full;
  }
  // What is left.
  std::optional<ExportPart> Take() {
    if (std::exchange(bytes_, 0) == 0) return std::nullopt;
    return std::exchange(part_, {});
  }

 private:
  std::optional<ExportPart> MakeRoom(std::size_t weight) {
    std::optional<ExportPart> full;
    if (bytes_ + weight > kPartBytesMax) full = Take();
    bytes_ += weight;
    return full;
  }

  ExportPart part_;
  std::size_t bytes_ = 0;
};

}  // namespace

Task<absl::Status> Engine::Export(Call& call, ExportSink sink) {
  if (absl::Status admitted = co_await admission_.Other(call); !admitted.ok()) co_return admitted;
  Gatherer parts;
  const auto send = [&sink](std::optional<ExportPart> part) -> Task<absl::Status> {
    if (!part) co_return absl::OkStatus();
    co_return co_await sink(*std::move(part));
  };

  TasksQuery tasks{.after = TaskId(), .rows_max = kRowsMax};
  for (bool more = true; more;) {
    const absl::StatusOr<std::vector<TaskRow>> rows = co_await store_.ReadTasks(call.user, tasks);
    if (!rows.ok()) co_return rows.status();
    for (const TaskRow& row : *rows) {
      std::optional<ExportPart> full = parts.Add(Whole(row));
      if (absl::Status sent = co_await send(std::move(full)); !sent.ok()) co_return sent;
    }
    more = rows->size() == kRowsMax;
    if (more) tasks.after = rows->back().id;
  }

  HistoriesQuery histories{.before = std::nullopt, .after = HistoryKeptAfter(), .rows_max = kRowsMax};
  for (bool more = true; more;) {
    const absl::StatusOr<std::vector<HistoryEntry>> entries =
        co_await store_.ReadHistories(call.user, histories);
    if (!entries.ok()) co_return entries.status();
    for (const HistoryEntry& entry : *entries) {
      std::optional<ExportPart> full = parts.Add(entry);
      if (absl::Status sent = co_await send(std::move(full)); !sent.ok()) co_return sent;
    }
    more = entries->size() >= kRowsMax;
    if (more) histories.before = HistoryPlace{entries->back().id, entries->back().at};
  }
  std::optional<ExportPart> last = parts.Take();
  co_return co_await send(std::move(last));
}

}  // namespace tidemark::sync
