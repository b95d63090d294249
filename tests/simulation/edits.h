// How those who judge remember what persons edited.
#pragma once

#include <map>

#include "tests/simulation/device.h"

namespace tidemark::simulation {

// An edit is known by its field, its device and its time, which are unlike those of any other.
struct EditKey {
  TaskId task;
  sync::Field field;
  DeviceId device;
  UnixMillis updated_at;
  auto operator<=>(const EditKey&) const = default;
};

inline EditKey KeyOf(const SentEdit& edit) { return {edit.task, edit.field, edit.device, edit.updated_at}; }

// What `maker` said of the same field before is said again, or edited again.
template <typename Edit>
void Supersede(std::map<EditKey, Edit>& known, int maker, const EditKey& by) {
  for (auto& [key, edit] : known) {
    const bool same_field = key.task == by.task && key.field == by.field;
    if (edit.maker == maker && same_field && key != by) edit.superseded = true;
  }
}

// Two deletions are equal whatever their times.
inline bool SameValue(sync::Field field, const sync::FieldValue& a, const sync::FieldValue& b) {
  return field == sync::Field::kDeletedAt ? sync::SaysDeleted(a) == sync::SaysDeleted(b) : a == b;
}

}  // namespace tidemark::simulation
