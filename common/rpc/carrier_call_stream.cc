#include "common/rpc/carrier_call_stream.h"

#include <utility>

#include "common/rpc/carrier_lane.h"
#include "common/rpc/limits.h"
#include "common/rpc/metadata.h"

namespace tidemark::rpc {
namespace {

using std::chrono::steady_clock;

}  // namespace

CarrierCallStream::CarrierCallStream(OpenStreams& streams, std::shared_ptr<CarrierPeer> peer, EventLoop& loop,
                                     std::weak_ptr<CarrierLane> lane)
    : entry_(streams), peer_(std::move(peer)), loop_(loop), lane_(std::move(lane)) {}

void CarrierCallStream::Open(const std::string& service_token, bool patient) {
  context_.set_wait_for_ready(patient);
  context_.AddMetadata(std::string(kServiceToken), MetadataValue(service_token));
  until_done_ = shared_from_this();
  peer_->stub->async()->Carry(&context_, this);
  // Writes are started from outside of gRPC's callbacks. Without a hold it may be done before they are.
  AddHold();
  StartRead(&received_);
  StartCall();
}

bool CarrierCallStream::Add(v1::CarriedCall& call, Time deadline) {
  const std::size_t bytes = call.ByteSizeLong();
  MutexLock lock(&mutex_);
  if (waiting_bytes_ + bytes > kCarriedWaitingBytesMax) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back({std::move(call), deadline, bytes});
  if (!std::exchange(flush_posted_, true)) loop_.Post([self = shared_from_this()] { self->Flush(); });
  return true;
}

bool CarrierCallStream::gathers() {
  MutexLock lock(&mutex_);
  return flush_posted_;
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

void CarrierCallStream::OnReadInitialMetadataDone(bool ok) {
  if (!ok) return;
  loop_.Post([self = shared_from_this()] {
    if (const auto lane = self->lane_.lock()) lane->Opened(self.get());
  });
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

}  // namespace tidemark::rpc
