#include "common/rpc/carrier_stream.h"

#include <utility>

#include "absl/random/random.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/incoming_call.h"
#include "common/rpc/limits.h"
#include "common/rpc/metadata.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

using std::chrono::steady_clock;

// Drawn for each stream, so that they do not all come again at once.
steady_clock::time_point EndOfLife(absl::Duration age_max) {
  absl::BitGen random;
  return steady_clock::now() + absl::ToChronoMilliseconds(age_max * absl::Uniform(random, 0.5, 1.0));
}

void SetStatus(const grpc::Status& status, v1::CarriedAnswer& answer) {
  answer.set_code(status.error_code());
  answer.set_message(status.error_message());
  answer.set_details(status.error_details());
}

void SetTrailers(const ServerCall& call, v1::CarriedAnswer& answer) {
  for (const auto& [key, value] : call.trailers) {
    v1::CarriedTrailer& trailer = *answer.add_trailers();
    trailer.set_key(key);
    trailer.set_value(MetadataValue(value));
  }
}

}  // namespace

CarrierStream::CarrierStream(CarrierServer& server, EventLoop& loop,
                             const grpc::CallbackServerContext& context, const ServerCall& caller)
    : server_(server),
      loop_(loop),
      peer_(PeerHost(context.peer())),
      service_token_(caller.service_token),
      is_certified_(caller.is_certified),
      closes_at_(EndOfLife(server.age_max_)) {
  // Greets: only now does the client know that it is let in, and here.
  StartSendInitialMetadata();
  StartRead(&received_);
}

CarrierStream::CarrierStream(CarrierServer& server, EventLoop& loop, const grpc::Status& refusal)
    : server_(server), loop_(loop), finished_(true) {
  Finish(refusal);
}

void CarrierStream::Close() {
  MutexLock lock(&mutex_);
  close_asked_ = true;
  Write();
}

void CarrierStream::OnReadDone(bool ok) {
  if (ok) {
    auto batch = std::make_shared<v1::CarryRequest>(std::move(received_));
    {
      MutexLock lock(&mutex_);
      under_way_ += batch->calls_size();
      if (IsOld()) close_asked_ = true;
    }
    // Calls under way keep this.
    if (batch->calls_size() > 0) loop_.Post([this, batch] { Start(*batch); });
    received_ = v1::CarryRequest();
    return StartRead(&received_);
  }
  bool is_end = false;
  {
    MutexLock lock(&mutex_);
    reading_ended_ = true;
    is_end = TakeEnd();
  }
  if (is_end) Finish(grpc::Status::OK);
}

void CarrierStream::Start(v1::CarryRequest& batch) {
  for (v1::CarriedCall& call : *batch.mutable_calls()) {
    auto own = std::make_shared<const v1::CarriedCall>(std::move(call));
    Spawn(loop_, [this, own] { return Answer(own); });
  }
}

ServerCall CarrierStream::MakeCall(const v1::CarriedCall& carried) const {
  return {.origin = OriginOf(carried.request_id(), carried.traceparent()),
          .authorization = carried.authorization(),
          .service_token = service_token_,
          .forwarded_for = carried.forwarded_for(),
          .is_certified = is_certified_,
          .peer = peer_};
}

Task<void> CarrierStream::Answer(std::shared_ptr<const v1::CarriedCall> carried) {
  const steady_clock::time_point began = steady_clock::now();
  ServerCall call = MakeCall(*carried);
  v1::CarriedAnswer answer;
  answer.set_id(carried->id());
  const CarrierServer::Method* method = server_.Find(carried->method());
  if (method == nullptr) {
    SetStatus({grpc::StatusCode::UNIMPLEMENTED, "not carried"}, answer);
  } else {
    const std::function<Task<absl::Status>()> body = [&] {
      return (*method)(call, carried->request(), *answer.mutable_response());
    };
    const grpc::Status status = co_await AnswerCall(call, body);
    if (!status.ok()) SetStatus(status, answer);
    server_.log_.Note(carried->method(), status.error_code(), call.origin,
                      absl::FromChrono(steady_clock::now() - began));
  }
  SetTrailers(call, answer);
  if (answer.ByteSizeLong() > kCarriedBytesMax) {
    answer.clear_response();
    SetStatus({grpc::StatusCode::RESOURCE_EXHAUSTED, "the answer is too large to be carried"}, answer);
  }
  Send(std::move(answer));
}

void CarrierStream::Send(v1::CarriedAnswer answer) {
  MutexLock lock(&mutex_);
  --under_way_;
  if (!broken_) waiting_.push_back(std::move(answer));
  // In the next turn of the loop, with what others have ready by then.
  if (!std::exchange(flush_posted_, true)) loop_.Post([this] { Flush(); });
}

void CarrierStream::Flush() {
  bool is_end = false;
  {
    MutexLock lock(&mutex_);
    flush_posted_ = false;
    Write();
    is_end = TakeEnd();
  }
  if (is_end) Finish(grpc::Status::OK);
}

void CarrierStream::Write() {
  const bool tells_close = close_asked_ && !close_sent_;
  if (writing_ || broken_ || finished_ || (waiting_.empty() && !tells_close)) return;
  sent_ = v1::CarryResponse();
  if (tells_close) sent_.set_closing(close_sent_ = true);
  for (std::size_t bytes = 0; !waiting_.empty() && bytes < kCarriedTogetherBytesMax; waiting_.pop_front()) {
    bytes += waiting_.front().ByteSizeLong();
    *sent_.add_answers() = std::move(waiting_.front());
  }
  writing_ = true;
  StartWrite(&sent_);
}

void CarrierStream::OnWriteDone(bool ok) {
  bool is_end = false;
  {
    MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) {
      broken_ = true;
      waiting_.clear();
    }
    Write();
    is_end = TakeEnd();
  }
  if (is_end) Finish(grpc::Status::OK);
}

bool CarrierStream::TakeEnd() {
  if (!reading_ended_ || under_way_ > 0 || writing_ || flush_posted_ || !waiting_.empty()) return false;
  return !std::exchange(finished_, true);
}

void CarrierStream::OnDone() {
  server_.Forget(this);
  delete this;
}

bool CarrierStream::IsOld() const { return steady_clock::now() >= closes_at_; }

}  // namespace tidemark::rpc
