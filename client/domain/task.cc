#include "client/domain/task.h"

namespace tidemark::client {

Fields LaidOver(const Fields& under, const Fields& over) {
  Fields fields = under;
  if (over.content) fields.content = over.content;
  if (over.completed) fields.completed = over.completed;
  if (over.pinned) fields.pinned = over.pinned;
  if (over.deleted_at) fields.deleted_at = over.deleted_at;
  return fields;
}

bool Meet(const Fields& a, const Fields& b) {
  return (a.content && b.content) || (a.completed && b.completed) || (a.pinned && b.pinned) ||
         (a.deleted_at && b.deleted_at);
}

}  // namespace tidemark::client
