#include "services/sync/storage/memory/memory_head_announcer.h"

namespace tidemark::sync {

void AnnouncementBus::SetWhole(bool whole) {
  MutexLock lock(&mutex_);
  whole_ = whole;
  for (const auto& [announcer, listener] : listeners_) listener->HearsOthers(whole_);
}

void AnnouncementBus::Listen(const HeadAnnouncer* announcer, HeadListener* listener) {
  MutexLock lock(&mutex_);
  listeners_.erase(announcer);
  if (listener == nullptr) return;
  listeners_.emplace(announcer, listener);
  if (whole_) listener->HearsOthers(true);
}

void AnnouncementBus::Announce(const HeadAnnouncer* announcer, const Announcement& announcement) {
  MutexLock lock(&mutex_);
  for (const auto& [other, listener] : listeners_) {
    if (other == announcer || whole_) listener->Heard(announcement);
  }
}

}  // namespace tidemark::sync
