#include "common/pg/pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "common/pg/job_queue.h"
#include "common/pg/pool_metrics.h"
#include "common/pg/server_state.h"
#include "common/pg/server_watch.h"
#include "common/pg/worker.h"
#include "common/status/error.h"

namespace tidemark::pg {

absl::Status QueueFull() {
  return Error(Code::kUnavailable, "Too many requests are waiting for the database.",
               {.retry_after = absl::Seconds(1)});
}

struct Pool::Impl {
  explicit Impl(PoolOptions pool_options)
      : options(std::move(pool_options)),
        jobs(options.queue_max, options.queue_reads_max),
        refused(options.metrics),
        watch(options, server) {
    for (int i = 0; i < options.connections; ++i) {
      threads.emplace_back([this] { Worker(options, jobs, server, refused).Run(); });
    }
    if (options.metrics != nullptr) Show(*options.metrics);
  }

  void Show(metrics::Registry& registry);
  // Jobs that a worker has.
  int busy() const {
    const int waiting = jobs.waiting(Rank::kRead) + jobs.waiting(Rank::kWrite);
    return std::clamp(unfinished - waiting, 0, options.connections);
  }

  ~Impl() {
    readings = nullptr;
    jobs.Close();
    for (std::thread& thread : threads) thread.join();
  }

  const PoolOptions options;
  JobQueue jobs;
  const RefusedJobs refused;
  ServerState server;
  ServerWatch watch;
  std::atomic<int> unfinished{0};
  std::vector<std::thread> threads;
  std::unique_ptr<metrics::Readings> readings;
};

void Pool::Impl::Show(metrics::Registry& registry) {
  readings = std::make_unique<metrics::Readings>(registry);
  readings->Gauge("tidemark_postgres_connections_max", "How many transactions may run at once.", {},
                  [this] { return static_cast<double>(options.connections); });
  readings->Gauge("tidemark_postgres_connections_busy", "Connections that work runs on.", {},
                  [this] { return static_cast<double>(busy()); });
  for (const Rank rank : {Rank::kRead, Rank::kWrite}) {
    readings->Gauge("tidemark_postgres_jobs_waiting", "Work that waits for a connection.",
                    {{"rank", NameOf(rank)}},
                    [this, rank] { return static_cast<double>(jobs.waiting(rank)); });
  }
  readings->Gauge("tidemark_dependency_up", "1 while a dependency answers, else 0.",
                  {{"dependency", "postgres"}}, [this] { return server.healthy() ? 1.0 : 0.0; });
}

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Pool::~Pool() = default;

bool Pool::healthy() const { return impl_->server.healthy(); }

int Pool::queue_max() const { return impl_->options.queue_max; }

double Pool::load() const {
  return std::min(1.0, static_cast<double>(impl_->unfinished) / impl_->options.connections);
}

void Pool::Submit(std::function<absl::Status(Connection&)> work, std::function<void(absl::Status)> done,
                  Rank rank) {
  ++impl_->unfinished;
  Job job{std::move(work),
          [impl = impl_.get(), done = std::move(done)](absl::Status status) {
            --impl->unfinished;
            done(std::move(status));
          },
          rank, absl::Now()};
  if (impl_->jobs.Push(job)) return;
  impl_->refused.Count(rank, RefusedJobs::Reason::kFull);
  job.done(QueueFull());
}

}  // namespace tidemark::pg
