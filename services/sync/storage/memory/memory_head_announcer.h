// The HeadAnnouncer within one process, for tests and simulations: replicas on one AnnouncementBus hear each
// other; held to Redis' behaviour by head_announcer_contract.h.
#pragma once

#include <map>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_announcer.h"

namespace tidemark::sync {

// Thread-safe. Outlives its announcers.
class AnnouncementBus {
 public:
  // From then on no replica hears another.
  void Cut() { SetWhole(false); }
  void Mend() { SetWhole(true); }

 private:
  friend class MemoryHeadAnnouncer;

  void SetWhole(bool whole);
  void Listen(const HeadAnnouncer* announcer, HeadListener* listener);
  void Announce(const HeadAnnouncer* announcer, const Announcement& announcement);

  Mutex mutex_;
  bool whole_ ABSL_GUARDED_BY(mutex_) = true;
  std::map<const HeadAnnouncer*, HeadListener*> listeners_ ABSL_GUARDED_BY(mutex_);
};

class MemoryHeadAnnouncer : public HeadAnnouncer {
 public:
  explicit MemoryHeadAnnouncer(AnnouncementBus& bus) : bus_(bus) {}
  ~MemoryHeadAnnouncer() override { bus_.Listen(this, nullptr); }

  void Listen(HeadListener* listener) override { bus_.Listen(this, listener); }
  void Announce(Announcement announcement) override { bus_.Announce(this, announcement); }

 private:
  AnnouncementBus& bus_;
};

}  // namespace tidemark::sync
