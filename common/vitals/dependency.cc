#include "common/vitals/dependency.h"

#include <utility>

namespace tidemark::vitals {

Dependency::Dependency(std::string name, const Clock& clock)
    : name_(std::move(name)), clock_(clock), since_(clock.Now()) {}

void Dependency::Note(bool answers) {
  const v1::DependencyState state = answers ? v1::DEPENDENCY_STATE_ANSWERS : v1::DEPENDENCY_STATE_AWAY;
  MutexLock lock(&mutex_);
  if (state_ != state) since_ = clock_.Now();
  state_ = state;
}

void Dependency::Tell(v1::DependencyStatus& message) const {
  message.set_name(name_);
  MutexLock lock(&mutex_);
  message.set_state(state_);
  message.set_since(since_.value);
}

}  // namespace tidemark::vitals
