// What a person did, for the one who asks at the end where it has gone.
//
// An edit is one value given to one field of one task by one device. It may be heard by the service, or its
// own person may have replaced it before it was: then the device has sent the later value alone (SPEC 6.3),
// and nothing was lost. There is no third way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/domain/task.h"
#include "common/ids/ids.h"

namespace tidemark::fleet {

struct MadeEdit {
  TaskId task;
  client::Field field = client::Field::kContent;
  client::FieldValue value;
  int device = 0;
  // Edited again, or taken back, on the same device while it still waited.
  bool replaced = false;
};

struct PersonsEdits {
  // How often they have edited.
  int64_t acts = 0;
  std::vector<MadeEdit> made;
  // Tasks that they made, on any device.
  std::vector<TaskId> created;
};

}  // namespace tidemark::fleet
