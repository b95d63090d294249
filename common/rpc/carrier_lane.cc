#include "common/rpc/carrier_lane.h"

#include <algorithm>

#include "common/log/log.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

using std::chrono::steady_clock;

// More than any call may take.
constexpr absl::Duration kTimeoutMax = absl::Hours(1);
// From one stream to a replica to the next, where the first did not last: it refuses, or is about to stop.
constexpr std::chrono::seconds kOpeningPause(1);

absl::Status Lost() { return FromGrpc({grpc::StatusCode::UNAVAILABLE, "the carrying stream has ended"}); }

}  // namespace

CarrierLane::CarrierLane(EventLoop& loop, std::shared_ptr<CarrierPeer> any, OpenStreams& streams,
                         std::string service_token, std::function<void()> on_loss)
    : loop_(loop),
      any_(std::move(any)),
      streams_(streams),
      service_token_(std::move(service_token)),
      on_loss_(std::move(on_loss)),
      turns_(loop.index()),
      late_(loop.executor(), [this] { EndLate(); }),
      opening_(loop.executor(), [this] { OpenRoutes(); }) {}

void CarrierLane::SetReplicas(const Peers& replicas) {
  if (closed_) return;
  for (size_t i = routes_.size(); i-- > 0;) {
    const Route& route = routes_[i];
    if (std::find(replicas.begin(), replicas.end(), route.peer) != replicas.end()) continue;
    if (route.stream != nullptr && turns_.IsOpen(i)) {
      route.stream->HalfClose();
    } else if (route.stream != nullptr) {
      route.stream->Cancel();
    }
    routes_.erase(routes_.begin() + static_cast<std::ptrdiff_t>(i));
    turns_.Remove(i);
  }
  for (const std::shared_ptr<CarrierPeer>& peer : replicas) {
    if (std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) { return route.peer == peer; }))
      continue;
    routes_.push_back({.peer = peer});
    turns_.Add();
  }
  if (in_use_) OpenRoutes();
}

std::shared_ptr<CarrierCallStream> CarrierLane::Open(std::shared_ptr<CarrierPeer> peer, bool patient) {
  auto stream = std::make_shared<CarrierCallStream>(streams_, std::move(peer), loop_, weak_from_this());
  open_.insert(stream);
  stream->Open(service_token_, patient);
  return stream;
}

void CarrierLane::OpenRoutes() {
  if (closed_) return;
  const Time now = steady_clock::now();
  std::optional<Time> next;
  for (Route& route : routes_) {
    if (route.stream != nullptr) continue;
    const Time due = route.opened_at + kOpeningPause;
    if (route.opened_at != Time() && due > now) {
      next = next ? std::min(*next, due) : due;
      continue;
    }
    route.opened_at = now;
    route.stream = Open(route.peer, /*patient=*/true);
  }
  if (next) opening_.Set(absl::FromChrono(*next - now));
}

void CarrierLane::Send(v1::CarriedCall call, absl::Duration timeout, Answered done) {
  if (closed_) return done(Lost());
  if (!std::exchange(in_use_, true)) OpenRoutes();
  const uint64_t id = ++last_id_;
  call.set_id(id);
  timeout = std::min(timeout, kTimeoutMax);
  const Time deadline = steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  const CarrierCallStream* stream = Add(call, deadline);
  if (stream == nullptr) {
    return done(Error(Code::kUnavailable, "too many calls wait", {.retry_after = absl::Seconds(1)}));
  }
  pending_.emplace(id, Pending{std::move(done), deadline, stream});
  if (deadlines_.empty() || deadline < deadlines_.begin()->first) late_.Set(timeout);
  deadlines_.emplace(deadline, id);
}

const CarrierCallStream* CarrierLane::Add(v1::CarriedCall& call, Time deadline) {
  const std::optional<size_t> next = turns_.Next();
  if (!next) return AddToAny(call, deadline);
  // Calls of one turn of the loop travel together; the next turn is another replica's.
  const bool gathers = last_ < routes_.size() && turns_.IsOpen(last_) && routes_[last_].stream->gathers();
  return AddToReplica(gathers ? last_ : *next, call, deadline);
}

const CarrierCallStream* CarrierLane::AddToReplica(size_t first, v1::CarriedCall& call, Time deadline) {
  if (routes_[first].stream->Add(call, deadline)) {
    turns_.Give(last_ = first);
    return routes_[first].stream.get();
  }
  // It does not read. The others may.
  Turns others = turns_;
  others.Close(first);
  const std::optional<size_t> next = others.Next();
  for (std::optional<size_t> to = next; to; to = others.Next()) {
    if (routes_[*to].stream->Add(call, deadline)) {
      turns_.Give(last_ = *to);
      return routes_[*to].stream.get();
    }
    others.Close(*to);
  }
  return nullptr;
}

const CarrierCallStream* CarrierLane::AddToAny(v1::CarriedCall& call, Time deadline) {
  if (any_stream_ == nullptr) any_stream_ = Open(any_, /*patient=*/false);
  return any_stream_->Add(call, deadline) ? any_stream_.get() : nullptr;
}

void CarrierLane::Close() {
  closed_ = true;
  any_stream_ = nullptr;
  routes_.clear();
  for (const auto& stream : open_) stream->Cancel();
  while (!pending_.empty()) Finish(pending_.begin()->first, Lost());
}

void CarrierLane::Opened(CarrierCallStream* stream) {
  const std::optional<size_t> route = RouteOf(stream);
  if (!route) return;
  routes_[*route].loss_told = false;
  turns_.Open(*route);
  if (any_stream_ != nullptr) std::exchange(any_stream_, nullptr)->HalfClose();
}

void CarrierLane::Take(CarrierCallStream* stream, v1::CarryResponse response) {
  if (!RouteOf(stream)) loss_told_ = false;
  for (v1::CarriedAnswer& answer : *response.mutable_answers()) {
    const uint64_t id = answer.id();
    Finish(id, std::move(answer));
  }
  if (!response.closing()) return;
  Leave(stream);
  stream->HalfClose();
}

// Whatever ended the stream (a credential that is out of date, an older server) is not the callers' doing.
void CarrierLane::Ended(CarrierCallStream* stream, const grpc::Status& status) {
  std::vector<uint64_t> lost;
  for (const auto& [id, pending] : pending_) {
    if (pending.stream == stream) lost.push_back(id);
  }
  const std::optional<size_t> route = RouteOf(stream);
  bool& loss_told = route ? routes_[*route].loss_told : loss_told_;
  // Who was left may go as it likes, once it has answered.
  const bool is_loss = route || any_stream_.get() == stream || !lost.empty();
  if (!status.ok() && is_loss && !closed_ && !std::exchange(loss_told, true)) {
    log::Warning("carrier_lost",
                 {{"code", static_cast<int>(status.error_code())}, {"status", FromGrpc(status).ToString()}});
  }
  Leave(stream);
  for (uint64_t id : lost) Finish(id, Lost());
  open_.erase(stream->shared_from_this());
}

void CarrierLane::Leave(const CarrierCallStream* stream) {
  if (any_stream_.get() == stream) any_stream_ = nullptr;
  const std::optional<size_t> route = RouteOf(stream);
  if (!route) return;
  turns_.Close(*route);
  routes_[*route].stream = nullptr;
  OpenRoutes();
  on_loss_();
}

std::optional<size_t> CarrierLane::RouteOf(const CarrierCallStream* stream) const {
  const auto found = std::find_if(routes_.begin(), routes_.end(),
                                  [stream](const Route& route) { return route.stream.get() == stream; });
  if (found == routes_.end()) return std::nullopt;
  return found - routes_.begin();
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
    late_.Set(absl::FromChrono(deadlines_.begin()->first - steady_clock::now()));
  }
}

}  // namespace tidemark::rpc
