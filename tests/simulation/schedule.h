// What happens in a run, drawn from its seed before anything has happened. An event names what it is about by
// numbers that fit whatever state the world is in, so that events can be left out (shrink.h).
#pragma once

#include <cstdint>
#include <vector>

namespace tidemark::simulation {

enum class EventKind {
  // Of devices.
  kEdit,
  kSend,
  // The device stops waiting for an answer; what it has sent may still arrive.
  kGiveUp,
  // Back to what is stored on the device.
  kCrashDevice,
  // A copy of what is stored on one device goes on as another.
  kCloneDevice,
  // Of the network.
  kDeliver,
  // Delivers, and keeps a copy for later.
  kDuplicate,
  kLoseRequest,
  kAnswer,
  kLoseAnswer,
  // Of the service.
  kStep,
  kRefuseStep,
  kLoseStepAnswer,
  kCrashReplica,
  kFlushCache,
  kPurge,
  kKeepBackup,
  kRestoreBackup,
  // Asks the service what no device would.
  kProbe,
  // Hours pass.
  kWait,
  // All goes well until nothing is left to do, and the laws of rest are checked.
  kSettle,
};

struct Event {
  EventKind kind = EventKind::kStep;
  // Which device, request or call.
  int64_t who = 0;
  // Which of the ways to do it.
  int64_t how = 0;
};

// The last event is a kSettle.
std::vector<Event> MakeSchedule(uint64_t seed, int steps);

}  // namespace tidemark::simulation
