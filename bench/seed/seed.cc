// tidemark-seed: fills a running Tidemark in bulk, for tidemark-load. With the files of ./run's data
// directory:
//
//   TIDEMARK_MASTER_KEY=… tidemark-seed --postgres-owner-url
//   postgresql://tidemark_owner:…@127.0.0.1:5432/tidemark
//       --redis-url redis://127.0.0.1:6379 --users 1000 --tasks 20 --users-file users
#include <chrono>
#include <cstdio>
#include <optional>

#include "bench/seed/seeder.h"
#include "bench/users/failed.h"
#include "common/settings/settings.h"

namespace tidemark::bench {
namespace {

std::optional<int> Parse(SeedPlan& plan, int argc, char** argv) {
  settings::Table table("tidemark-seed",
                        "Adds users with tasks to a running Tidemark, and says who they are.");
  table.Add("postgres-owner-url", &plan.postgres_owner_url, "PostgreSQL, as the owner of the schemas")
      .Required()
      .Secret();
  table.Add("redis-url", &plan.redis_url, "the Redis of the sync service").Required().Secret();
  table
      .Add("master-key", &plan.master_key,
           "the auth service's, which opens the key that tokens are signed with")
      .Required()
      .Secret();
  table.Add("users", &plan.users, "how many to add").Range(1, 10'000'000);
  table.Add("tasks", &plan.tasks, "of each user").Range(1, 10'000'000);
  table.Add("users-file", &plan.users_file, "where to write who they are, for tidemark-load").Required();
  table.Add("token-lifetime", &plan.token_lifetime, "how long their access tokens are good");
  return table.Parse(argc, argv);
}

int Run(const SeedPlan& plan) {
  const auto began = std::chrono::steady_clock::now();
  try {
    Seed(plan);
  } catch (const Failed& failed) {
    std::fprintf(stderr, "tidemark-seed: %s\n", failed.what());
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%lld users with %lld tasks each, in %.1f s\n", static_cast<long long>(plan.users),
              static_cast<long long>(plan.tasks), took.count());
  return 0;
}

}  // namespace
}  // namespace tidemark::bench

int main(int argc, char** argv) {
  tidemark::bench::SeedPlan plan;
  if (const std::optional<int> exit_code = tidemark::bench::Parse(plan, argc, argv)) return *exit_code;
  return tidemark::bench::Run(plan);
}
