#include "common/pg/worker.h"

#include <utility>

#include "common/pg/connection.h"
#include "common/pg/failure.h"

namespace tidemark::pg {
namespace {

// A worker that cannot connect while others are connected leaves the work to them for this long.
constexpr absl::Duration kRest = absl::Milliseconds(250);

}  // namespace

Worker::Worker(const PoolOptions& options, JobQueue& jobs, ServerState& server, const RefusedJobs& refused)
    : options_(options), jobs_(jobs), server_(server), refused_(refused) {}

Worker::~Worker() { Disconnect(); }

void Worker::Run() {
  while (std::optional<Job> job = jobs_.Pop()) Handle(*std::move(job));
}

void Worker::Handle(Job job) {
  if (job.rank == Rank::kRead && absl::Now() - job.queued_at > options_.read_wait_max) {
    job.work = nullptr;
    refused_.Count(job.rank, RefusedJobs::Reason::kLate);
    return job.done(server_.away() ? Unreachable() : QueueFull());
  }
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

absl::Status Worker::Connect() {
  const bool fit = connection_ != nullptr && generation_ == server_.generation() && connection_->is_open();
  if (fit) return absl::OkStatus();
  Disconnect();
  if (server_.away()) return Unreachable();
  try {
    generation_ = server_.generation();
    connection_ = std::make_unique<Connection>(options_);
    connected_.emplace(server_, connection_->socket());
    return absl::OkStatus();
  } catch (const std::exception& thrown) {
    server_.ConnectFailed(thrown.what());
    return Unreachable();
  }
}

void Worker::Disconnect() {
  connected_.reset();
  connection_ = nullptr;
}

absl::Status Worker::Attempt(const std::function<absl::Status(Connection&)>& work) {
  try {
    absl::Status status = work(*connection_);
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
