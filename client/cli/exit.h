// How the command ends, for scripts (docs/command.md).
#pragma once

#include <string>

#include "absl/status/status.h"

namespace tidemark::cli {

enum class Exit : int {
  // An edit is stored, whether it was sent or not.
  kDone = 0,
  // Something on this device: its store, a file.
  kBroken = 1,
  // What was typed or given.
  kUsage = 2,
  // No such task, or several.
  kNoSuchTask = 3,
  kLogIn = 4,
  // The service does not answer.
  kUnreachable = 5,
  // The service refuses, for now or for good.
  kRefused = 6,
  // An answer is held: the person has to agree or refuse.
  kHeld = 7,
  kInterrupted = 130,
};

// `asked`: the command asks the service, so that what was not available is not the store.
enum class Asked { kStore, kService };
Exit ExitOf(const absl::Status& status, Asked asked);

// What happened, and what to do next, unless the status says it itself, on a line of its own. These are named
// in it.
struct Place {
  std::string command = {};
  std::string server = {};
  std::string folder = {};
};
std::string Explain(const absl::Status& status, Exit exit, const Place& place);

// The name of an exit, for JSON.
std::string NameOf(Exit exit);

}  // namespace tidemark::cli
