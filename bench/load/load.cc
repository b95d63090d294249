// tidemark-load: one kind of work on a running Tidemark, by the users of a file that tidemark-seed has
// written; what it has measured is one line of JSON on standard output.
//
//   tidemark-load check --url http://127.0.0.1:8080 --users-file users --connections 64 --seconds 12
//   tidemark-load sync --transport grpc --sync 127.0.0.1:50051 --users-file users --rate 500
#include <algorithm>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/load/driver.h"
#include "bench/load/grpc_load.h"
#include "bench/load/http_load.h"
#include "bench/users/failed.h"
#include "common/settings/settings.h"

namespace tidemark::bench {
namespace {

constexpr int64_t kPushChanges = 100;

struct Settings {
  std::string transport = "http";
  std::string url = "http://127.0.0.1:8080";
  std::string sync = "127.0.0.1:50051";
  std::string auth = "127.0.0.1:50052";
  std::string users_file;
  int64_t prefix = 0;
  int connections = 64;
  int threads = 1;
  int seconds = 10;
  int warmup = 0;
  int64_t requests = 0;
  int rate = 0;
  int64_t changes = kPushChanges;
  int64_t limit = 1'000;
};

std::optional<int> Parse(Settings& s, int argc, char** argv) {
  settings::Table table("tidemark-load WORK",
                        "Measures one work: check, stale-check, sync, push, first-pull, login or herd.");
  table.Add("transport", &s.transport, "what carries the requests").OneOf({"http", "grpc"});
  table.Add("url", &s.url, "the gateway, for http");
  table.Add("sync", &s.sync, "the sync service, for grpc");
  table.Add("auth", &s.auth, "the auth service, for a login by grpc");
  table.Add("users-file", &s.users_file, "who the users are; it is kept true").Required();
  table.Add("prefix", &s.prefix, "only the first so many users of the file; 0: all").Range(0, 100'000'000);
  table.Add("connections", &s.connections, "requests under way at once").Range(1, 10'000);
  table.Add("threads", &s.threads, "of this program; each has its part of connections and users")
      .Range(1, 64);
  table.Add("seconds", &s.seconds, "how long requests are sent, after the warm-up").Range(1, 86'400);
  table.Add("warmup", &s.warmup, "seconds whose requests do not count").Range(0, 86'400);
  table.Add("requests", &s.requests, "ends after so many that count instead; 0: by time")
      .Range(0, 1'000'000'000);
  table.Add("rate", &s.rate, "requests a second, at fixed times; 0: each after the answer to the one before")
      .Range(0, 10'000'000);
  table.Add("changes", &s.changes, "of a push").Range(1, 1'000);
  table.Add("limit", &s.limit, "entries of a page").Range(1, 1'000);
  return table.Parse(argc, argv);
}

// All users check once.
void MakeHerd(Settings& s, std::size_t users) {
  s.requests = static_cast<int64_t>(users);
  s.warmup = 0;
  s.rate = 0;
}

int64_t ShareOf(int64_t all, int thread, int threads) {
  return all / threads + (thread < all % threads ? 1 : 0);
}

PacePlan PaceOf(const Settings& s, int thread) {
  return {.requests = ShareOf(s.requests, thread, s.threads),
          .duration = std::chrono::seconds(s.seconds),
          .warmup = std::chrono::seconds(s.warmup),
          .rate = static_cast<double>(s.rate) / s.threads};
}

// Threads of an open loop take turns.
Time StartOf(const Settings& s, int thread) {
  const Time now = std::chrono::steady_clock::now();
  return s.rate == 0 ? now : now + std::chrono::nanoseconds(std::chrono::seconds(1)) * thread / s.rate;
}

// A run, of which each thread does its part.
class Run {
 public:
  Run(Settings settings, std::string work)
      : s_(std::move(settings)),
        users_(s_.users_file),
        crowd_size_(s_.prefix == 0 ? users_.size()
                                   : std::min(users_.size(), static_cast<std::size_t>(s_.prefix))),
        plan_{.name = std::move(work), .changes = 1, .limit = s_.limit} {
    if (plan_.name == "push") plan_.changes = s_.changes;
    work_ = NewWork(plan_, users_);
    if (plan_.name == "herd") MakeHerd(s_, crowd_size_);
    // A user is used by one connection at a time, and by one thread.
    s_.connections =
        static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(s_.connections), crowd_size_));
    s_.threads = std::min(s_.threads, s_.connections);
    if (s_.requests > 0) s_.threads = static_cast<int>(std::min<int64_t>(s_.threads, s_.requests));
  }

  Tally Measure() {
    std::vector<std::future<Tally>> threads;
    threads.reserve(static_cast<std::size_t>(s_.threads));
    for (int thread = 0; thread < s_.threads; ++thread) {
      threads.push_back(std::async(std::launch::async, [this, thread] { return DoPart(thread); }));
    }
    Tally tally = threads.front().get();
    for (std::size_t thread = 1; thread < threads.size(); ++thread) tally.Add(threads[thread].get());
    return tally;
  }

  RunName name() const {
    return {.work = plan_.name,
            .transport = s_.transport,
            .is_open_loop = s_.rate > 0,
            .connections = s_.connections};
  }

 private:
  Tally DoPart(int thread) {
    const int connections = static_cast<int>(ShareOf(s_.connections, thread, s_.threads));
    if (s_.transport == "grpc") {
      GrpcLoad load({.sync = s_.sync, .auth = s_.auth}, connections);
      return DriveOn(load, thread);
    }
    HttpLoad load(s_.url, connections);
    return DriveOn(load, thread);
  }

  template <typename Load>
  Tally DriveOn(Load& load, int thread) {
    const CrowdPart part{.users = crowd_size_,
                         .first = static_cast<std::size_t>(thread),
                         .step = static_cast<std::size_t>(s_.threads)};
    Driver driver(*work_, Crowd(part, std::random_device()()), Pace(PaceOf(s_, thread), StartOf(s_, thread)),
                  complaints_);
    load.Run(driver);
    return driver.tally();
  }

  Settings s_;
  UsersFile users_;
  const std::size_t crowd_size_;
  WorkPlan plan_;
  // Of all threads: what it keeps is in the users file, of which each has its part.
  std::unique_ptr<Work> work_;
  Complaints complaints_;
};

int Main(int argc, char** argv) {
  Settings settings;
  const std::string work = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
  const int skipped = work.empty() ? 0 : 1;
  if (const std::optional<int> exit_code = Parse(settings, argc - skipped, argv + skipped)) return *exit_code;
  try {
    Run run(settings, work);
    std::puts(ToJson(run.name(), run.Measure()).c_str());
  } catch (const Failed& failed) {
    std::fprintf(stderr, "tidemark-load: %s\n", failed.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace tidemark::bench

int main(int argc, char** argv) { return tidemark::bench::Main(argc, argv); }
