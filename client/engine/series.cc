#include "client/engine/series.h"

#include <algorithm>
#include <set>
#include <utility>

#include "client/domain/guard.h"

namespace tidemark::client {
namespace {

// Deleted tasks can be restored for as long; then their text goes.
constexpr int64_t kDeadKeptMillis = int64_t{30} * 24 * 60 * 60 * 1000;
// At the end of one answer, so that none takes long.
constexpr int kForgottenAtOnce = 1'000;

void PutAside(TaskBook& book, const Page& page) {
  for (const Update& update : page.updates) {
    TaskState theirs{.id = update.id};
    theirs.row = book.tx.GetAside(update.id);
    if (ApplyUpdate(theirs, update)) book.tx.PutAside(*theirs.row);
  }
  for (const TaskId& id : page.deleted) book.tx.RemoveAside(id);
}

// Living tasks that the answer does not leave alive.
std::vector<TaskId> Doomed(Transaction& tx, int64_t whole_state) {
  std::vector<TaskId> doomed = tx.ListDoomed();
  if (whole_state == 0) return doomed;
  const std::set<TaskId> told(doomed.begin(), doomed.end());
  for (TaskId& id : tx.ListUnnamed(whole_state)) {
    if (!told.contains(id)) doomed.push_back(std::move(id));
  }
  return doomed;
}

// Removes `doomed`; or holds that back, and says so.
bool RemoveOrHold(TaskBook& book, const std::vector<TaskId>& doomed, HeldAnswer held) {
  const auto vanishes = [&](const TaskId& id) { return WouldVanish(book.tx.Get(id)); };
  held.removes = std::count_if(doomed.begin(), doomed.end(), vanishes);
  if (book.replica.held) {
    // The same question again: what the held answer brought besides does not make it smaller.
    held.of = book.replica.held->of;
    held.since = book.replica.held->since;
  }
  if (IsMassChange(held.removes, held.of)) {
    book.replica.held = std::move(held);
    return false;
  }
  book.replica.held.reset();
  book.ChangeEach(doomed, [&](TaskState& task) { ApplyDeletion(task, held.since); });
  return true;
}

void ForgetBases(TaskBook& book) { book.ChangeEach(book.tx.ListPending(), ForgetBase); }

void ForgetLongDead(TaskBook& book, UnixMillis now) {
  const UnixMillis before{now.value - kDeadKeptMillis};
  book.ChangeEach(book.tx.ListDeadBefore(before, kForgottenAtOnce),
                  [](TaskState& task) { task.row.reset(); });
}

// The service lost what came after its backup; this device has its share of it.
void TakeRestoredState(TaskBook& book, UnixMillis now) {
  std::set<TaskId> ids;
  for (TaskId& id : book.tx.ListAside()) ids.insert(std::move(id));
  constexpr int kAtOnce = 1'000;
  TaskId last;
  for (std::vector<TaskState> tasks = book.tx.List(last, kAtOnce); !tasks.empty();
       tasks = book.tx.List(last, kAtOnce)) {
    for (const TaskState& task : tasks) ids.insert(task.id);
    last = tasks.back().id;
  }
  for (const TaskId& id : ids) {
    book.Change(id, [&](TaskState& task) {
      TakeRestoredRow(task, book.tx.GetAside(id), now);
      task.named_in = book.replica.whole_state;
    });
  }
  book.tx.ClearAside();
  book.replica.held.reset();
}

void MoveTo(Replica& replica, Stamp cursor, const std::string& etag) {
  replica.cursor = cursor;
  replica.etag = etag;
}

// What the person agreed to, or refused: `change` for each task that the held answer would remove.
template <typename F>
absl::Status Release(LocalStore& store, const F& change) {
  return store.Write([&](Transaction& tx) {
    TaskBook book(tx);
    if (!book.replica.held) return absl::NotFoundError("no answer is held");
    const HeldAnswer held = *std::exchange(book.replica.held, std::nullopt);
    book.ChangeEach(Doomed(tx, held.whole_state), change);
    if (held.whole_state > 0) ForgetBases(book);
    if (held.cursor) MoveTo(book.replica, *held.cursor, held.etag);
    book.Close();
    return absl::OkStatus();
  });
}

}  // namespace

Series OpenSeries(TaskBook& book, Stamp last_sync, const Page& page) {
  Series series{.page = {},
                .last_sync = last_sync,
                .resync = page.full_resync,
                .tasks_before = book.replica.live_count};
  const bool tells_whole_state =
      series.resync == Resync::kPurged || (!series.resync && last_sync.value == 0 && !page.pull_deferred);
  if (tells_whole_state) series.whole_state = ++book.replica.whole_state;
  if (series.resync == Resync::kRewound) book.tx.ClearAside();
  return series;
}

bool StoreNews(TaskBook& book, const Series& series, const Page& page, UnixMillis now) {
  bool all_known = true;
  if (series.resync == Resync::kRewound) {
    // It must not pass for news about our rows.
    PutAside(book, page);
    return all_known;
  }
  for (const Update& update : page.updates) {
    book.Change(update.id, [&](TaskState& task) {
      all_known &= ApplyUpdate(task, update);
      task.named_in = book.replica.whole_state;
      // V1 is told of deletions this way.
      if (task.row && !task.row->alive()) ApplyDeletion(task, now);
    });
  }
  book.ChangeEach(page.deleted, Doom);
  return all_known;
}

bool CloseSeries(TaskBook& book, const Series& series, const Page& page, UnixMillis now) {
  Replica& replica = book.replica;
  replica.series.reset();
  const std::string etag = page.etag.value_or("");
  if (series.resync == Resync::kRewound) {
    TakeRestoredState(book, now);
  } else {
    const HeldAnswer held{.of = series.tasks_before,
                          .since = now,
                          .cursor = page.server_time,
                          .etag = etag,
                          .whole_state = series.whole_state};
    if (!RemoveOrHold(book, Doomed(book.tx, series.whole_state), held)) return false;
    if (series.whole_state > 0) ForgetBases(book);
  }
  MoveTo(replica, page.server_time, etag);
  replica.epoch = page.epoch;
  replica.synced_at = now;
  ForgetLongDead(book, now);
  return true;
}

bool CloseDeferred(TaskBook& book, UnixMillis now) {
  if (book.replica.held) return false;
  const HeldAnswer held{
      .of = book.replica.live_count, .since = now, .cursor = std::nullopt, .etag = {}, .whole_state = 0};
  return RemoveOrHold(book, Doomed(book.tx, 0), held);
}

absl::Status AgreeToMassChange(LocalStore& store, UnixMillis now) {
  return Release(store, [now](TaskState& task) { ApplyDeletion(task, now); });
}

absl::Status RefuseMassChange(LocalStore& store, UnixMillis now) {
  return Release(store, [now](TaskState& task) { ReviveInstead(task, now); });
}

}  // namespace tidemark::client
