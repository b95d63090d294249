#include "common/rpc/carrier_server.h"

#include <algorithm>

#include "common/rpc/carrier_stream.h"
#include "common/rpc/incoming_call.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

constexpr char kCarryMethod[] = "/tidemark.v1.CarrierService/Carry";

}  // namespace

absl::Status MalformedMessageError() { return Error(Code::kValidation, "The message could not be parsed."); }

grpc::ServerBidiReactor<v1::CarryRequest, v1::CarryResponse>* CarrierServer::Carry(
    grpc::CallbackServerContext* context) {
  ServerCall caller;
  caller.service_token = MetadataOf(*context, kServiceToken);
  caller.is_certified = IsCertified(*context);
  if (absl::Status known = credential_.Check(caller); !known.ok()) {
    const grpc::Status refusal = ToGrpc(known);
    const Origin origin = OriginOf(MetadataOf(*context, kRequestId), MetadataOf(*context, kTraceparent));
    log_.Note(kCarryMethod, refusal.error_code(), origin, absl::ZeroDuration());
    return new CarrierStream(*this, loops_.at(0), refusal);
  }
  MutexLock lock(&mutex_);
  EventLoop& loop = LoopWithFewest();
  auto* stream = new CarrierStream(*this, loop, *context, caller);
  streams_.insert(stream);
  ++streams_of_loop_[loop.index()];
  if (closing_) stream->Close();
  return stream;
}

EventLoop& CarrierServer::LoopWithFewest() {
  const auto fewest = std::min_element(streams_of_loop_.begin(), streams_of_loop_.end());
  return loops_.at(static_cast<int>(fewest - streams_of_loop_.begin()));
}

void CarrierServer::Close() {
  MutexLock lock(&mutex_);
  closing_ = true;
  for (CarrierStream* stream : streams_) stream->Close();
}

const CarrierServer::Method* CarrierServer::Find(const std::string& method) const {
  const auto found = methods_.find(method);
  return found == methods_.end() ? nullptr : &found->second;
}

size_t CarrierServer::streams() {
  MutexLock lock(&mutex_);
  return streams_.size();
}

void CarrierServer::Forget(CarrierStream* stream) {
  MutexLock lock(&mutex_);
  if (streams_.erase(stream) > 0) --streams_of_loop_[stream->loop().index()];
}

}  // namespace tidemark::rpc
