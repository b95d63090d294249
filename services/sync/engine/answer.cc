#include "services/sync/engine/answer.h"

#include <utility>

namespace tidemark::sync {

DeltaQuery QueryOf(const Series& series, int64_t limit, std::size_t extra) {
  DeltaQuery query{.after = series.after, .news_after = series.news_after()};
  // One more than fits tells whether there is a next page.
  query.rows_max = static_cast<int>(limit + 1 + static_cast<int64_t>(extra));
  return query;
}

SyncAnswer AnswerPage(const Series& series, Delta delta, const std::set<TaskId>& told, const Head& head,
                      int64_t limit) {
  Page page = MakePage(series, std::move(delta), told,
                       {.entries_max = static_cast<int>(limit), .bytes_max = kPageBytesMax});
  SyncAnswer answer;
  answer.updates = std::move(page.updates);
  answer.deleted = std::move(page.deleted);
  answer.conflicts = std::move(page.conflicts);
  answer.epoch = series.epoch;
  if (page.next_after) {
    Series next = series;
    next.after = *page.next_after;
    answer.page = FormatPage(next);
    answer.server_time = series.last_sync;
  } else {
    answer.head = head;
    answer.server_time = head.high_water;
  }
  return answer;
}

std::size_t ToldBytes(const PushResult& result) {
  std::size_t bytes = 0;
  for (const TaskId& id : result.told) {
    const auto task = result.state.tasks.find(id);
    if (task != result.state.tasks.end()) bytes += Weight(Whole(task->second));
  }
  for (const Conflict& conflict : result.conflicts) bytes += Weight(conflict);
  return bytes;
}

void TellOutcome(const PushResult& result, SyncAnswer& answer) {
  for (const TaskId& id : result.told) {
    const auto task = result.state.tasks.find(id);
    if (task == result.state.tasks.end() || task->second.deleted()) {
      answer.deleted.push_back(id);
    } else {
      answer.updates.push_back(Whole(task->second));
    }
  }
  answer.rejected = result.rejected;
}

}  // namespace tidemark::sync
