#include "client/engine/v1.h"

#include "client/domain/view.h"
#include "client/engine/batch.h"

namespace tidemark::client {
namespace {

bool IsObject(const Fields& fields) {
  return fields.content && fields.completed && fields.pinned && fields.deleted_at;
}

void MakeObject(TaskState& task) {
  if (!task.sent || IsObject(task.sent->change.fields)) return;
  Fields object{.content = "", .completed = false, .pinned = false, .deleted_at = kLive};
  if (task.row) {
    object.content = task.row->content;
    object.completed = task.row->completed;
    object.pinned = task.row->pinned;
  }
  Change& change = task.sent->change;
  change.fields = LaidOver(object, change.fields);
  change.version = {task.row ? task.row->version.value + 1 : 1};
}

}  // namespace

std::vector<Change> FreezeObjects(TaskBook& book, int changes_max) {
  std::vector<Change> changes = FreezeBatch(book, changes_max);
  for (Change& change : changes) {
    book.Change(change.id, [&](TaskState& task) {
      MakeObject(task);
      change = task.sent->change;
    });
  }
  return changes;
}

SyncAsk AsSyncAsk(const V1Ask& ask) {
  SyncAsk sync;
  sync.last_sync = ask.last_sync;
  sync.changes = ask.changes;
  return sync;
}

Page AsPage(const V1Page& page) {
  Page whole;
  whole.updates = page.updates;
  whole.conflicts = page.conflicts;
  whole.server_time = page.server_time;
  if (page.full_resync) whole.full_resync = Resync::kPurged;
  return whole;
}

}  // namespace tidemark::client
