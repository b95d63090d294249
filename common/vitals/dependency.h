// One thing that a process needs, and since when it answers or is away.
//
//   Dependency postgres("postgres", clock);
//   postgres.Note(pool.healthy());
//   postgres.Tell(*message.add_dependencies());
#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "tidemark/v1/status.pb.h"

namespace tidemark::vitals {

// Thread-safe.
class Dependency {
 public:
  // Nothing is known of it yet. `clock` outlives this.
  Dependency(std::string name, const Clock& clock);
  // It was asked.
  void Note(bool answers);
  void Tell(v1::DependencyStatus& message) const;

 private:
  const std::string name_;
  const Clock& clock_;
  mutable Mutex mutex_;
  v1::DependencyState state_ ABSL_GUARDED_BY(mutex_) = v1::DEPENDENCY_STATE_UNSPECIFIED;
  UnixMillis since_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::vitals
