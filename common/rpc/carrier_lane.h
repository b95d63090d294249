// What one event loop has with another process: the calls that wait for their answers, and the stream that
// carries them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/async/watchdog.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client_stream.h"
#include "tidemark/v1/carrier.grpc.pb.h"

namespace tidemark::rpc {

class CarrierLane;

// One stream. What gRPC's threads call; the lane knows the rest. Kept alive by itself until gRPC is done
// with it.
class CarrierCallStream final : public grpc::ClientBidiReactor<v1::CarryRequest, v1::CarryResponse>,
                                public std::enable_shared_from_this<CarrierCallStream> {
 public:
  CarrierCallStream(OpenStreams& streams, EventLoop& loop, std::weak_ptr<CarrierLane> lane);

  void Open(v1::CarrierService::Stub& stub, const std::string& service_token);
  using Time = std::chrono::steady_clock::time_point;

  // To be written in the next turn of the loop, unless `deadline` passes before. On the loop. False: too much
  // waits already.
  bool Add(v1::CarriedCall call, Time deadline);
  // No calls follow. Those that were added are still written.
  void HalfClose();
  void Cancel() { context_.TryCancel(); }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void Flush();
  // Writes what waits, unless a write is under way: its end writes the next.
  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // First, so that it is destroyed last: after the context, which holds the channel.
  const OpenStreams::Entry entry_;
  EventLoop& loop_;
  const std::weak_ptr<CarrierLane> lane_;
  grpc::ClientContext context_;
  v1::CarryRequest sent_;
  v1::CarryResponse received_;
  std::shared_ptr<CarrierCallStream> until_done_;

  Mutex mutex_;
  struct Waiting {
    v1::CarriedCall call;
    Time deadline;
    std::size_t bytes;
  };
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool flush_posted_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

// Used on its loop alone.
class CarrierLane final : public std::enable_shared_from_this<CarrierLane> {
 public:
  using Answered = Completion<absl::StatusOr<v1::CarriedAnswer>>;

  // `stub` and `streams` outlive the streams.
  CarrierLane(EventLoop& loop, v1::CarrierService::Stub& stub, OpenStreams& streams,
              std::string service_token);

  // Sets the call's id. DEADLINE_EXCEEDED: no answer has come within `timeout`. UNAVAILABLE: the stream has
  // ended, for whatever reason, or too much waits for it.
  void Send(v1::CarriedCall call, absl::Duration timeout, Answered done);
  // Ends all calls.
  void Close();

  // Called by streams, on the loop.
  void Take(CarrierCallStream* stream, v1::CarryResponse response);
  void Ended(CarrierCallStream* stream, const grpc::Status& status);

 private:
  using Time = CarrierCallStream::Time;
  struct Pending {
    Answered done;
    Time deadline;
    const CarrierCallStream* stream;
  };

  void Open();
  void Finish(uint64_t id, absl::StatusOr<v1::CarriedAnswer> answer);
  void EndLate();

  EventLoop& loop_;
  v1::CarrierService::Stub& stub_;
  OpenStreams& streams_;
  const std::string service_token_;
  // Takes new calls; null: the next call opens one.
  std::shared_ptr<CarrierCallStream> stream_;
  // All that have not ended, so that they can be cancelled.
  std::set<std::shared_ptr<CarrierCallStream>> open_;
  uint64_t last_id_ = 0;
  absl::flat_hash_map<uint64_t, Pending> pending_;
  std::set<std::pair<Time, uint64_t>> deadlines_;
  Watchdog watchdog_;
  bool closed_ = false;
  // The loss of a stream is logged once, until there is an answer again.
  bool loss_told_ = false;
};

}  // namespace tidemark::rpc
