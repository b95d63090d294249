#include "services/sync/engine/sightings.h"

#include <utility>

namespace tidemark::sync {

bool Sightings::IsNews(const UserId& user, const Sighting& seen) const {
  const Key key{user, seen.device};
  MutexLock lock(&mutex_);
  auto noted = younger_.find(key);
  if (noted == younger_.end()) {
    noted = elder_.find(key);
    if (noted == elder_.end()) return true;
  }
  return noted->second.cursor != seen.cursor || seen.at.value - noted->second.at.value >= kSeenAgainMillis;
}

void Sightings::Note(const UserId& user, const Sighting& seen) {
  MutexLock lock(&mutex_);
  if (younger_.size() >= half_) {
    elder_ = std::move(younger_);
    younger_.clear();
  }
  younger_[{user, seen.device}] = {seen.cursor, seen.at};
}

}  // namespace tidemark::sync
