// What another process tells of itself (StatusService), asked again and again.
#pragma once

#include <grpcpp/channel.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "tidemark/v1/status.grpc.pb.h"

namespace tidemark::vitals {

// One that has not answered within this does not answer.
inline constexpr absl::Duration kPeerTimeout = absl::Milliseconds(500);
// A replica that has not answered for so long is told no more: each question goes to the next one of them.
inline constexpr absl::Duration kReplicaKept = absl::Seconds(10);
// Those that were heard longest ago give way.
inline constexpr size_t kReplicasMax = 16;
inline constexpr int kForgottenAfter = 2;

// Thread-safe; Ask is for one task at a time.
class Peer {
 public:
  // `clock` outlives this.
  Peer(const std::shared_ptr<grpc::Channel>& channel, std::string service_token, const Clock& clock);

  // True: it answered. Who has not answered kForgottenAfter questions in a row tells no more; one that hangs
  // among replicas that answer does not take their word.
  Task<bool> Ask();

  // The last answer of each replica that was heard a moment ago, in an order that stays.
  std::vector<v1::GetStatusResponse> Heard() const;

 private:
  struct Answer {
    v1::GetStatusResponse response;
    UnixMillis at;
  };

  void Keep(v1::GetStatusResponse response);
  void NoteFailure();

  const std::unique_ptr<v1::StatusService::Stub> stub_;
  const std::string service_token_;
  const Clock& clock_;
  mutable Mutex mutex_;
  // By the replica's instance.
  std::map<std::string, Answer> heard_ ABSL_GUARDED_BY(mutex_);
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidemark::vitals
