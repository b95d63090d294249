#include "bench/seed/seeder.h"

#include <unistd.h>

#include <cstdio>

#include "bench/seed/accounts.h"
#include "bench/seed/bench_tokens.h"
#include "bench/seed/head_filler.h"
#include "bench/seed/owner_connection.h"
#include "bench/seed/rows.h"
#include "bench/users/device.h"
#include "bench/users/users_file.h"
#include "common/clock/clock.h"
#include "common/random/random.h"
#include "services/auth/domain/password_hash.h"

namespace tidemark::bench {
namespace {

constexpr int64_t kSaidEvery = 10'000;

void SayProgress(int64_t users, int64_t all) {
  if (users % kSaidEvery == 0 && ::isatty(STDERR_FILENO) != 0) {
    std::fprintf(stderr, "\r%lld of %lld users", static_cast<long long>(users), static_cast<long long>(all));
  }
}

// One stream of rows a table. A head is committed last: it must not tell of tasks that are not there.
class Tables {
 public:
  explicit Tables(const std::string& url)
      : accounts_(url, kAccountTable),
        tasks_(url, kTaskTable),
        devices_(url, kDeviceTable),
        heads_(url, kHeadTable) {}

  void Add(std::string_view user, int64_t tasks, UnixMillis now, std::string_view password_hash) {
    const DeviceState state = StateAfter(tasks, now);
    accounts_.Add(AccountLine(user, password_hash, now));
    task_lines_.clear();
    AppendTasks(user, tasks, now, task_lines_);
    tasks_.Add(task_lines_);
    devices_.Add(DeviceLine(user, state));
    heads_.Add(HeadLine(user, state));
  }

  void Finish() {
    for (CopyIn* table : {&accounts_, &tasks_, &devices_, &heads_}) table->Finish();
  }

 private:
  CopyIn accounts_;
  CopyIn tasks_;
  CopyIn devices_;
  CopyIn heads_;
  std::string task_lines_;
};

void StoreUsers(const SeedPlan& plan, const std::string& epoch, const BenchTokens& tokens, UnixMillis now,
                Random& random) {
  const std::string password_hash = auth::HashPassword(kPassword);
  const DeviceState state = StateAfter(plan.tasks, now);
  UsersFileWriter users(plan.users_file, {.epoch = epoch, .tasks = plan.tasks});
  Tables tables(plan.postgres_owner_url);
  for (int64_t user = 0; user < plan.users; ++user) {
    const std::string id = UserIdAt(user, plan.users, random);
    tables.Add(id, plan.tasks, now, password_hash);
    users.Add(id, state, tokens.TokenOf(id));
    SayProgress(user + 1, plan.users);
  }
  tables.Finish();
  users.Close();
}

// What the first readers of fresh rows would do otherwise, in the midst of a measurement.
void Settle(OwnerConnection& postgres) {
  for (const char* table : {"auth.accounts", "sync.heads", "sync.tasks", "sync.devices"}) {
    postgres.Run(std::string("vacuum (analyze) ") + table);
  }
}

}  // namespace

void Seed(const SeedPlan& plan) {
  OwnerConnection postgres(plan.postgres_owner_url);
  SystemRandom random;
  const UnixMillis now = SystemClock().Now();
  const BenchTokens tokens(postgres, plan.master_key, now, plan.token_lifetime, random);
  const auto data_set = postgres.Ask("select epoch, generation from sync.data_set").at(0);
  HeadFiller heads(plan.redis_url, data_set[0], data_set[1]);
  StoreUsers(plan, data_set[0], tokens, now, random);
  Settle(postgres);
  const UsersFile users(plan.users_file);
  for (std::size_t user = 0; user < users.size(); ++user) heads.Fill(users.IdOf(user), users.StateOf(user));
  heads.Finish();
}

}  // namespace tidemark::bench
