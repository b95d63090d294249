// What has become of every edit, and whether every device is where the service is: from what PostgreSQL
// holds, not from what anybody was told.
#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "bench/fleet_day/edit_book.h"
#include "bench/fleet_day/lane.h"
#include "bench/seed/owner_connection.h"
#include "bench/users/device.h"

namespace tidemark::fleet {

struct Judgement {
  int64_t edits = 0;
  // The value is the task's, or in its history.
  int64_t stored = 0;
  // Its person replaced it before it had left the device.
  int64_t replaced = 0;
  // Neither.
  int64_t lost = 0;
  // Refused for good, and told so: none, or the fleet does what the service does not take.
  int64_t rejected = 0;
  int64_t conflicts = 0;
  // Devices that do not hold what the service does.
  int64_t devices_out_of_step = 0;
};

// What the service has heard. Throws Failed.
class Heard {
 public:
  // `since`: tasks that nobody has touched since need not be read.
  Heard(const std::string& owner_url, UnixMillis since) : owner_(owner_url), since_(since) {}

  // Before a purge: a tombstone that it removes takes its task's last values with it.
  void NoteTombstones();
  // When all is at rest.
  void NoteAll();

  // Adds what became of one person's edits and devices.
  void Judge(const Lane::Life& life, Judgement& judgement);
  int64_t conflicts() const { return conflicts_; }

 private:
  bool HasHeard(const UserId& user, const MadeEdit& edit);

  void NoteTasks(const std::string& which);

  bench::OwnerConnection owner_;
  const UnixMillis since_;
  // By user, task, field and value.
  absl::flat_hash_set<std::string> values_;
  absl::flat_hash_map<std::string, bench::DeviceState> heads_;
  int64_t conflicts_ = 0;
};

}  // namespace tidemark::fleet
