#include "common/rpc/carrier_lane.h"

#include <algorithm>
#include <vector>

#include "common/log/log.h"
#include "common/rpc/context.h"
#include "common/rpc/limits.h"
#include "common/rpc/metadata.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

using std::chrono::steady_clock;

// More than any call may take.
constexpr absl::Duration kTimeoutMax = absl::Hours(1);

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

bool CarrierCallStream::Add(v1::CarriedCall call, Time deadline) {
  const std::size_t bytes = call.ByteSizeLong();
  MutexLock lock(&mutex_);
  if (waiting_bytes_ + bytes > kCarriedWaitingBytesMax) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back({std::move(call), deadline, bytes});
  if (!std::exchange(flush_posted_, true)) loop_.Post([self = shared_from_this()] { self->Flush(); });
  return true;
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
  sent_ = v1::CarryRequest();
  const Time now = steady_clock::now();
  for (std::size_t bytes = 0; !waiting_.empty() && bytes < kCarriedTogetherBytesMax; waiting_.pop_front()) {
    Waiting& next = waiting_.front();
    waiting_bytes_ -= next.bytes;
    // Nobody waits for it any more.
    if (next.deadline <= now) continue;
    bytes += next.bytes;
    *sent_.add_calls() = std::move(next.call);
  }
  if (sent_.calls_size() > 0) {
    writing_ = true;
    StartWrite(&sent_);
  } else if (closing_ && !flush_posted_) {
    closed_ = true;
    StartWritesDone();
  }
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
  timeout = std::min(timeout, kTimeoutMax);
  const Time deadline = steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  if (!stream_->Add(std::move(call), deadline)) {
    return done(Error(Code::kUnavailable, "too many calls wait", {.retry_after = absl::Seconds(1)}));
  }
  pending_.emplace(id, Pending{std::move(done), deadline, stream_.get()});
  if (deadlines_.empty() || deadline < deadlines_.begin()->first) watchdog_.Set(timeout);
  deadlines_.emplace(deadline, id);
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
  loss_told_ = false;
  for (v1::CarriedAnswer& answer : *response.mutable_answers()) {
    const uint64_t id = answer.id();
    Finish(id, std::move(answer));
  }
  if (!response.closing()) return;
  if (stream_.get() == stream) stream_ = nullptr;
  stream->HalfClose();
}

// Whatever ended the stream (a credential that is out of date, an older server) is not the callers' doing.
void CarrierLane::Ended(CarrierCallStream* stream, const grpc::Status& status) {
  if (!status.ok() && !closed_ && !std::exchange(loss_told_, true)) {
    log::Warning("carrier_lost",
                 {{"code", static_cast<int>(status.error_code())}, {"status", FromGrpc(status).ToString()}});
  }
  if (stream_.get() == stream) stream_ = nullptr;
  std::vector<uint64_t> lost;
  for (const auto& [id, pending] : pending_) {
    if (pending.stream == stream) lost.push_back(id);
  }
  for (uint64_t id : lost) Finish(id, Lost());
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
