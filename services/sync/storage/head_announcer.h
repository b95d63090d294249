// Heads told from replica to replica, so that streams hear of a commit at once (SPEC 3.5): the port. Held by
// head_announcer_contract.h to one behaviour, in memory and in Redis.
//
//   replica 1:  push commits ── Announce ──┬──► its own listener, at once
//                                          └──► Redis ──► the listeners of replicas 2, 3 …
//
// Nothing is promised: an announcement is lost with the connection, or with a process that dies between its
// commit and this. So listeners read heads anew at times, and often while they cannot hear.
#pragma once

#include <optional>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

// What may have become of one user's head.
struct Announcement {
  UserId user;
  Epoch epoch;
  // What was committed; purged_through is not told. Nothing: a commit whose outcome is unknown.
  std::optional<Head> head;
  bool operator==(const Announcement&) const = default;
};

// Called from any thread, one call at a time, and not to block nor to call the announcer.
class HeadListener {
 public:
  virtual ~HeadListener() = default;
  virtual void Heard(const Announcement& announcement) = 0;
  // Whether other replicas are heard from now on. When they are again, some may have been missed. At first
  // they are not.
  virtual void HearsOthers(bool hears) = 0;
};

// Thread-safe.
class HeadAnnouncer {
 public:
  virtual ~HeadAnnouncer() = default;
  // The replica's one listener; null: none. What the last one was is not called after this.
  virtual void Listen(HeadListener* listener) = 0;
  // To this replica's listener before it returns, and perhaps again; to the others soon. On an event loop.
  virtual void Announce(Announcement announcement) = 0;
};

}  // namespace tidemark::sync
