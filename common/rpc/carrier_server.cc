#include "common/rpc/carrier_server.h"

#include "common/rpc/carrier_stream.h"
#include "common/rpc/incoming_call.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {

absl::Status MalformedMessageError() { return Error(Code::kValidation, "The message could not be parsed."); }

grpc::ServerBidiReactor<v1::CarryRequest, v1::CarryResponse>* CarrierServer::Carry(
    grpc::CallbackServerContext* context) {
  ServerCall caller;
  caller.service_token = MetadataOf(*context, kServiceToken);
  if (absl::Status known = credential_.Check(caller); !known.ok()) {
    return new CarrierStream(*this, loops_.Next(), ToGrpc(known));
  }
  auto* stream = new CarrierStream(*this, loops_.Next(), *context, caller.service_token);
  MutexLock lock(&mutex_);
  streams_.insert(stream);
  if (closing_) stream->Close();
  return stream;
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

void CarrierServer::Forget(CarrierStream* stream) {
  MutexLock lock(&mutex_);
  streams_.erase(stream);
}

}  // namespace tidemark::rpc
