// One thread with one connection.
#pragma once

#include <exception>
#include <memory>
#include <optional>

#include "common/pg/job_queue.h"
#include "common/pg/pool.h"
#include "common/pg/pool_metrics.h"
#include "common/pg/server_state.h"

namespace tidemark::pg {

class Worker {
 public:
  // All outlive the worker.
  Worker(const PoolOptions& options, JobQueue& jobs, ServerState& server, const RefusedJobs& refused);
  ~Worker();

  // Runs jobs until the queue is closed and empty.
  void Run();

 private:
  void Handle(Job job);
  // Makes sure of a connection that is fit to use.
  absl::Status Connect();
  void Disconnect();
  absl::Status Attempt(const std::function<absl::Status(Connection&)>& work);
  absl::Status Recover(const std::exception& thrown);
  void RollBackWhatIsOpen();

  const PoolOptions& options_;
  JobQueue& jobs_;
  ServerState& server_;
  const RefusedJobs& refused_;
  std::unique_ptr<Connection> connection_;
  // While there is a connection.
  std::optional<ServerState::Connected> connected_;
  int generation_ = 0;
};

}  // namespace tidemark::pg
