// The schedule that all processes on one store share: it is kept as a note of the store, loaded before each
// event and saved in the same transaction.
#pragma once

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "client/domain/schedule/schedule.h"
#include "client/engine/exchange.h"
#include "client/store/local_store.h"
#include "common/mutex/mutex.h"
#include "common/random/random.h"

namespace tidemark::client {

// 0 … 1, 1 excluded.
double DrawFrom(Random& random);

// Thread-safe. Its mutex is taken within transactions, never around them.
class ScheduleKeeper {
 public:
  // What the schedule says.
  struct View {
    std::optional<Due> next = {};
    ConnectionState state = ConnectionState::kOnline;
    UnixMillis since = {};
    std::string message = {};
    bool logged_out = false;
  };

  // All outlive this.
  ScheduleKeeper(LocalStore& store, const ScheduleSettings& settings, Generation generation, Random& random);

  // Errors are the store's; then what the event said of this process alone is known all the same.
  absl::Status Tell(const Event& event, UnixMillis now);
  // Of what is true of this process alone: in front or behind, the live stream.
  void TellHere(const Event& event, UnixMillis now);
  // As part of a transaction that writes.
  void TellWithin(Transaction& tx, const Event& event, UnixMillis now);
  // Takes in what other processes have told.
  absl::Status Refresh();
  // As of the last of these.
  View view() const;

 private:
  // What is stored wins over what is remembered.
  void Load(const std::string& saved) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  LocalStore& store_;
  mutable Mutex mutex_;
  Schedule schedule_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::client
