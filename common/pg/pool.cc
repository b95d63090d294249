#include "common/pg/pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "common/pg/job_queue.h"
#include "common/pg/server_state.h"
#include "common/pg/worker.h"
#include "common/status/error.h"

namespace tidemark::pg {
namespace {

constexpr absl::Duration kPingInterval = absl::Seconds(1);

}  // namespace

absl::Status QueueFull() {
  return Error(Code::kUnavailable, "Too many requests are waiting for the database.",
               {.retry_after = absl::Seconds(1)});
}

struct Pool::Impl {
  explicit Impl(PoolOptions pool_options) : options(std::move(pool_options)), jobs(options.queue_max) {
    for (int i = 0; i < options.connections; ++i) {
      // One is enough to know how the server is.
      const absl::Duration ping_interval = i == 0 ? kPingInterval : absl::InfiniteDuration();
      threads.emplace_back([this, ping_interval] { Worker(options, jobs, server).Run(ping_interval); });
    }
  }

  ~Impl() {
    jobs.Close();
    for (std::thread& thread : threads) thread.join();
  }

  const PoolOptions options;
  JobQueue jobs;
  ServerState server;
  std::atomic<int> unfinished{0};
  std::vector<std::thread> threads;
};

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Pool::~Pool() = default;

bool Pool::healthy() const { return impl_->server.healthy(); }

int Pool::queue_max() const { return impl_->options.queue_max; }

double Pool::load() const {
  return std::min(1.0, static_cast<double>(impl_->unfinished) / impl_->options.connections);
}

void Pool::Submit(std::function<absl::Status(Connection&)> work, std::function<void(absl::Status)> done) {
  ++impl_->unfinished;
  Job job{std::move(work), [impl = impl_.get(), done = std::move(done)](absl::Status status) {
            --impl->unfinished;
            done(std::move(status));
          }};
  if (!impl_->jobs.Push(job)) job.done(QueueFull());
}

}  // namespace tidemark::pg
