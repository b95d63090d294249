#include "common/rpc/carrier_lane.h"

#include <vector>

#include "common/rpc/context.h"
#include "common/rpc/limits.h"
#include "common/rpc/metadata.h"
#include "common/rpc/status.h"

namespace tidemark::rpc {
namespace {

using std::chrono::steady_clock;

absl::Status Lost() { return FromGrpc({grpc::StatusCode::UNAVAILABLE, "the carrying stream has ended"}); }

}  // namespace

CarrierCallStream::CarrierCallStream(OpenStreams& streams, EventLoop& loop, std::weak_ptr<CarrierLane> lane)
    : entry_(streams), loop_(loop), lane_(std::move(lane)) {}

void CarrierCallStream::Open(v1::CarrierService::Stub& stub, const std::string& service_token) {
  context_.AddMetadata(std::string(kServiceToken), MetadataValue(service_token));
  until_done_ = shared_from_this();
  stub.async()->Carry(&context_, this);
  // Writes are started from outside of gRPC's callbacks. Without a hold it may be done before they are.
  AddHold();
  StartRead(&received_);
  StartCall();
}

void CarrierCallStream::Add(v1::CarriedCall call) {
  MutexLock lock(&mutex_);
  waiting_.push_back(std::move(call));
  if (!std::exchange(flush_posted_, true)) loop_.Post([self = shared_from_this()] { self->Flush(); });
}

void CarrierCallStream::HalfClose() {
  MutexLock lock(&mutex_);
  closing_ = true;
  Write();
}

void CarrierCallStream::Flush() {
  MutexLock lock(&mutex_);
  flush_posted_ = false;
  Write();
}

void CarrierCallStream::Write() {
  if (writing_ || ended_ || closed_) return;
  if (waiting_.empty()) {
    if (closing_ && !flush_posted_) {
      closed_ = true;
      StartWritesDone();
    }
    return;
  }
  sent_ = v1::CarryRequest();
  for (int bytes = 0; !waiting_.empty() && bytes < kCarriedTogetherBytesMax; waiting_.pop_front()) {
    bytes += static_cast<int>(waiting_.front().request().size());
    *sent_.add_calls() = std::move(waiting_.front());
  }
  writing_ = true;
  StartWrite(&sent_);
}

void CarrierCallStream::OnWriteDone(bool ok) {
  MutexLock lock(&mutex_);
  writing_ = false;
  if (ok) Write();
}

void CarrierCallStream::OnReadDone(bool ok) {
  if (ok) {
    auto response = std::make_shared<v1::CarryResponse>(std::move(received_));
    loop_.Post([self = shared_from_this(), response] {
      if (const auto lane = self->lane_.lock()) lane->Take(self.get(), std::move(*response));
    });
    received_ = v1::CarryResponse();
    return StartRead(&received_);
  }
  {
    MutexLock lock(&mutex_);
    ended_ = true;
  }
  RemoveHold();  // and OnDone follows
}

void CarrierCallStream::OnDone(const grpc::Status& status) {
  // The loop is to be the one that lets go of it: see CallUnary.
  loop_.Post([self = std::move(until_done_), status] {
    if (const auto lane = self->lane_.lock()) lane->Ended(self.get(), status);
  });
}

CarrierLane::CarrierLane(EventLoop& loop, v1::CarrierService::Stub& stub, OpenStreams& streams,
                         std::string service_token)
    : loop_(loop),
      stub_(stub),
      streams_(streams),
      service_token_(std::move(service_token)),
      watchdog_(loop.executor(), [this] { EndLate(); }) {}

void CarrierLane::Send(v1::CarriedCall call, absl::Duration timeout, Answered done) {
  if (closed_) return done(Lost());
  if (stream_ == nullptr) Open();
  const uint64_t id = ++last_id_;
  call.set_id(id);
  const Time deadline = steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  pending_.emplace(id, Pending{std::move(done), deadline, stream_.get()});
  if (deadlines_.empty() || deadline < deadlines_.begin()->first) watchdog_.Set(timeout);
  deadlines_.emplace(deadline, id);
  stream_->Add(std::move(call));
}

void CarrierLane::Open() {
  stream_ = std::make_shared<CarrierCallStream>(streams_, loop_, weak_from_this());
  open_.insert(stream_);
  stream_->Open(stub_, service_token_);
}

void CarrierLane::Close() {
  closed_ = true;
  stream_ = nullptr;
  for (const auto& stream : open_) stream->Cancel();
  while (!pending_.empty()) Finish(pending_.begin()->first, Lost());
}

void CarrierLane::Take(CarrierCallStream* stream, v1::CarryResponse response) {
  for (v1::CarriedAnswer& answer : *response.mutable_answers()) {
    const uint64_t id = answer.id();
    Finish(id, std::move(answer));
  }
  if (!response.closing()) return;
  if (stream_.get() == stream) stream_ = nullptr;
  stream->HalfClose();
}

void CarrierLane::Ended(CarrierCallStream* stream, const grpc::Status& status) {
  if (stream_.get() == stream) stream_ = nullptr;
  std::vector<uint64_t> lost;
  for (const auto& [id, pending] : pending_) {
    if (pending.stream == stream) lost.push_back(id);
  }
  for (uint64_t id : lost) Finish(id, status.ok() ? Lost() : FromGrpc(status));
  open_.erase(stream->shared_from_this());
}

void CarrierLane::Finish(uint64_t id, absl::StatusOr<v1::CarriedAnswer> answer) {
  const auto found = pending_.find(id);
  // An answer may come after its deadline.
  if (found == pending_.end()) return;
  const Answered done = std::move(found->second.done);
  deadlines_.erase({found->second.deadline, id});
  pending_.erase(found);
  done(std::move(answer));
}

void CarrierLane::EndLate() {
  while (!deadlines_.empty() && deadlines_.begin()->first <= steady_clock::now()) {
    Finish(deadlines_.begin()->second,
           FromGrpc({grpc::StatusCode::DEADLINE_EXCEEDED, "no answer came in time"}));
  }
  if (!deadlines_.empty()) {
    watchdog_.Set(absl::FromChrono(deadlines_.begin()->first - steady_clock::now()));
  }
}

}  // namespace tidemark::rpc
