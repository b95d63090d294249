// Words for tests: an edit of a task in one line.
//
//   Edit("t").By(kLaptop).Version(2).At(20).Content("bread").Completed()
//
// Unless told otherwise an edit is of the task "t", by the phone, at version 1, edited when its device says
// so, and gives no field.
#pragma once

#include <ostream>
#include <string>
#include <utility>

#include "services/sync/domain/types.h"

namespace tidemark {

template <typename Tag>
void PrintTo(const Id<Tag>& id, std::ostream* out) {
  *out << id.value();
}

namespace sync {

inline void PrintTo(Stamp stamp, std::ostream* out) { *out << "stamp " << stamp.value; }
inline void PrintTo(Version version, std::ostream* out) { *out << "version " << version.value; }
inline void PrintTo(const Head& head, std::ostream* out) {
  *out << "head " << head.live_count << "-" << head.high_water.value << "-" << head.version_sum
       << ", purged through " << head.purged_through.value;
}
inline void PrintTo(MutationId number, std::ostream* out) { *out << "number " << number.value; }

// Rising, as ties compare them.
inline const DeviceId kLaptop("laptop");
inline const DeviceId kPhone("phone");
inline const DeviceId kWeb("web");

class Edit {
 public:
  explicit Edit(std::string id = "t") {
    change_.id = TaskId(std::move(id));
    change_.device = kPhone;
    change_.version = {1};
  }

  Edit& By(const DeviceId& device) {
    change_.device = device;
    return *this;
  }
  Edit& Version(int64_t version) {
    change_.version = {version};
    return *this;
  }
  Edit& Number(int64_t number) {
    change_.mutation = MutationId{number};
    return *this;
  }
  Edit& At(int64_t millis) {
    change_.updated_at = change_.edited_at = {millis};
    return *this;
  }
  Edit& CorrectedTo(int64_t millis) {
    change_.edited_at = {millis};
    return *this;
  }
  Edit& CreatedAt(int64_t millis) {
    change_.created_at = UnixMillis{millis};
    return *this;
  }
  Edit& Content(std::string content) {
    change_.fields[Field::kContent] = std::move(content);
    return *this;
  }
  Edit& Completed(bool completed = true) {
    change_.fields[Field::kCompleted] = completed;
    return *this;
  }
  Edit& Pinned(bool pinned = true) {
    change_.fields[Field::kPinned] = pinned;
    return *this;
  }
  Edit& Deleted(int64_t millis = 1) {
    change_.fields[Field::kDeletedAt] = UnixMillis{millis};
    return *this;
  }
  // Gives deleted_at as null.
  Edit& Alive() { return Deleted(0); }

  operator Change() const { return change_; }

 private:
  Change change_;
};

inline const std::string& ContentOf(const TaskRow& task) {
  return std::get<std::string>(task.fields[Field::kContent].value);
}

}  // namespace sync
}  // namespace tidemark
