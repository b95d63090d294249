#include "common/vitals/peer.h"

#include <algorithm>
#include <utility>

#include "common/rpc/client.h"

namespace tidemark::vitals {

Peer::Peer(const std::shared_ptr<grpc::Channel>& channel, std::string service_token, const Clock& clock)
    : stub_(v1::StatusService::NewStub(channel)), service_token_(std::move(service_token)), clock_(clock) {}

Task<bool> Peer::Ask() {
  rpc::ClientCall call;
  call.service_token = service_token_;
  call.timeout = kPeerTimeout;
  v1::GetStatusRequest request;
  absl::StatusOr<v1::GetStatusResponse> response = co_await rpc::CallUnary<v1::GetStatusResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* answer, auto done) {
        stub_->async()->GetStatus(context, sent, answer, std::move(done));
      });
  const bool answered = response.ok() && response->processes_size() > 0;
  if (answered) {
    Keep(*std::move(response));
  } else {
    NoteFailure();
  }
  co_return answered;
}

std::vector<v1::GetStatusResponse> Peer::Heard() const {
  const int64_t too_old = clock_.Now().value - absl::ToInt64Milliseconds(kReplicaKept);
  std::vector<v1::GetStatusResponse> fresh;
  MutexLock lock(&mutex_);
  for (const auto& [instance, answer] : heard_) {
    if (answer.at.value > too_old) fresh.push_back(answer.response);
  }
  return fresh;
}

void Peer::Keep(v1::GetStatusResponse response) {
  const UnixMillis now = clock_.Now();
  MutexLock lock(&mutex_);
  failures_ = 0;
  const std::string instance = response.processes(0).instance();
  heard_[instance] = {.response = std::move(response), .at = now};
  if (heard_.size() <= kReplicasMax) return;
  heard_.erase(std::min_element(heard_.begin(), heard_.end(),
                                [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
}

void Peer::NoteFailure() {
  MutexLock lock(&mutex_);
  if (++failures_ >= kForgottenAfter) heard_.clear();
}

}  // namespace tidemark::vitals
