#include "common/pg/worker.h"

#include <utility>

#include "common/pg/connection.h"
#include "common/pg/failure.h"

namespace tidemark::pg {
namespace {

// A worker that cannot connect while others are connected leaves the work to them for this long.
constexpr absl::Duration kRest = absl::Milliseconds(250);

}  // namespace

Worker::Worker(const PoolOptions& options, JobQueue& jobs, ServerState& server)
    : options_(options), jobs_(jobs), server_(server) {}

Worker::~Worker() { Disconnect(); }

void Worker::Run(absl::Duration ping_interval) {
  // A pool is known to be healthy at once, not after the first interval.
  if (ping_interval != absl::InfiniteDuration()) Ping();
  for (;;) {
    std::optional<Job> job = jobs_.Pop(ping_interval);
    if (job.has_value()) {
      Handle(*std::move(job));
    } else if (jobs_.closed()) {
      return;
    } else {
      Ping();
    }
  }
}

void Worker::Handle(Job job) {
  absl::Status status = Connect();
  if (status.ok()) {
    status = Attempt(job.work);
  } else if (server_.anyone_connected() && !jobs_.closed()) {
    jobs_.PutBack(std::move(job));
    jobs_.Rest(kRest);
    return;
  }
  // What the work holds is released before its caller goes on.
  job.work = nullptr;
  job.done(std::move(status));
}

void Worker::Ping() {
  if (!Connect().ok()) return;
  Attempt([](Connection& db) {
    db.Query("SELECT 1");
    return absl::OkStatus();
  }).IgnoreError();
}

absl::Status Worker::Connect() {
  const bool fit = connection_ != nullptr && generation_ == server_.generation() && connection_->is_open();
  if (fit) return absl::OkStatus();
  Disconnect();
  if (server_.away()) return Unreachable();
  try {
    generation_ = server_.generation();
    connection_ = std::make_unique<Connection>(options_);
    server_.Connected();
    return absl::OkStatus();
  } catch (const std::exception& thrown) {
    server_.ConnectFailed(thrown.what());
    return Unreachable();
  }
}

void Worker::Disconnect() {
  if (connection_ == nullptr) return;
  connection_ = nullptr;
  server_.Disconnected();
}

absl::Status Worker::Attempt(const std::function<absl::Status(Connection&)>& work) {
  try {
    absl::Status status = work(*connection_);
    server_.Answered();
    RollBackWhatIsOpen();
    return status;
  } catch (const std::exception& thrown) {
    return Recover(thrown);
  }
}

absl::Status Worker::Recover(const std::exception& thrown) {
  Failure failure = FailureOf(thrown);
  switch (failure.aftermath) {
    case Failure::Aftermath::kLost:
      server_.Lost(generation_, thrown.what());
      Disconnect();
      break;
    case Failure::Aftermath::kReplace:
      Disconnect();
      break;
    case Failure::Aftermath::kKeep:
      RollBackWhatIsOpen();
      break;
  }
  return failure.status;
}

void Worker::RollBackWhatIsOpen() {
  if (!connection_->in_transaction()) return;
  try {
    connection_->Query("ROLLBACK");
  } catch (const std::exception&) {
    // The server rolls back by itself when the connection ends.
    Disconnect();
  }
}

}  // namespace tidemark::pg
