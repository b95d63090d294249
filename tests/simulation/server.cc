#include "tests/simulation/server.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>
#include <vector>

namespace tidemark::simulation {
namespace {

sync::Epoch EpochNumber(int number) { return sync::Epoch("e" + std::to_string(number)); }

void Rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

Server::Server(ManualClock& clock, CommitWatcher& watcher, Answered answered)
    : clock_(clock),
      answered_(std::move(answered)),
      gated_store_(gate_, watcher),
      store_(std::make_unique<sync::MemoryStore>(EpochNumber(epoch_), clock)) {
  KeepBackup();
  gated_store_.UseStore(*store_);
  for (int replica = 0; replica < kReplicas; ++replica) StartReplica(replica);
}

Server::~Server() {
  for (int replica = 0; replica < kReplicas; ++replica) Crash(replica);
}

void Server::Start(CallId id, int replica, const UserId& user, Request request, bool sync_is_empty) {
  Serving& serving = calls_[id];
  serving.replica = replica;
  serving.call = {.user = user, .origin = {.request_id = std::to_string(id)}, .limit = std::nullopt};
  limiter_.sync_is_empty = sync_is_empty;
  gate_.Enter(id);
  boost::asio::co_spawn(io_, Serve(id, replica, std::move(request)), Rethrow);
  Run();
  limiter_.sync_is_empty = false;
}

Task<void> Server::Serve(CallId id, int replica, Request request) {
  Answer answer = co_await Call(id, replica, std::move(request));
  calls_.erase(id);
  answered_(id, std::move(answer));
}

Task<Answer> Server::Call(CallId id, int replica, Request request) {
  sync::Call& call = calls_.at(id).call;
  sync::Engine& engine = *replicas_[replica];
  if (const auto* check = std::get_if<CheckRequest>(&request)) {
    absl::StatusOr<sync::CheckAnswer> answer =
        co_await engine.Check(call, check->if_none_match, sync::Wildcard::kMatches, DeviceId());
    if (!answer.ok()) co_return answer.status();
    co_return *std::move(answer);
  }
  if (const auto* sync = std::get_if<sync::SyncRequest>(&request)) {
    absl::StatusOr<sync::SyncAnswer> answer = co_await engine.Sync(call, *sync);
    if (!answer.ok()) co_return answer.status();
    co_return *std::move(answer);
  }
  V1Answer whole;
  const sync::SyncV1Sink sink = [&whole](sync::SyncV1Part part) -> Task<absl::Status> {
    whole.full_resync |= part.full_resync;
    whole.updates.insert(whole.updates.end(), part.updates.begin(), part.updates.end());
    whole.conflicts.insert(whole.conflicts.end(), part.conflicts.begin(), part.conflicts.end());
    if (part.server_time) whole.server_time = *part.server_time;
    co_return absl::OkStatus();
  };
  const absl::Status status = co_await engine.SyncV1(call, std::get<sync::SyncV1Request>(request), sink);
  if (!status.ok()) co_return status;
  co_return whole;
}

void Server::Step(CallId call, Fate fate) {
  const int64_t wait = gate_.waiting().at(call).due.value - clock_.Now().value;
  if (wait > 0) clock_.AdvanceMillis(wait);
  gate_.Open(call, fate);
  Run();
}

void Server::Run() {
  io_.restart();
  io_.poll();
}

void Server::Crash(int replica) {
  std::vector<CallId> dead;
  for (const auto& [id, serving] : calls_) {
    if (serving.replica == replica) dead.push_back(id);
  }
  for (const CallId id : dead) {
    gate_.Drop(id);
    calls_.erase(id);
  }
  // What they held is let go by the executor, while their engine is still there.
  Run();
  StartReplica(replica);
}

void Server::StartReplica(int replica) {
  const sync::Sleeper sleep = [this](absl::Duration duration) {
    return gate_.Sleep({clock_.Now().value + absl::ToInt64Milliseconds(duration)});
  };
  replicas_[replica] = std::make_unique<sync::Engine>(gated_store_, gated_cache_, announcer_, limiter_,
                                                      quota_, metrics_, clock_, sleep, [] { return 0.0; });
}

void Server::Purge(const UserId& user, sync::Stamp through) { store_->Purge(user, through); }

void Server::KeepBackup() { backup_ = store_->Copy(EpochNumber(epoch_)); }

void Server::RestoreBackup() {
  store_ = backup_->Copy(EpochNumber(++epoch_));
  gated_store_.UseStore(*store_);
  for (int replica = 0; replica < kReplicas; ++replica) Crash(replica);
}

template <typename T>
T Server::Now(Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io_, std::move(task), [&result](std::exception_ptr thrown, T value) {
    Rethrow(thrown);
    result = std::move(value);
  });
  Run();
  return *std::move(result);
}

sync::Snapshot Server::Everything(const UserId& user) {
  const sync::DeltaQuery query{.after = {}, .news_after = sync::Stamp{0}, .rows_max = 1'000'000};
  return *Now(store_->Pull(user, query));
}

}  // namespace tidemark::simulation
