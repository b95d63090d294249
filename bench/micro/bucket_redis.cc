// The bucket script as the ratelimit service asks for it, of the Redis at TIDEMARK_TEST_REDIS_URL
// (`tools/servers tidemark-bench-micro`): one after the other, and as many at once as a gateway has
// connections. The processor time is that of the asking process; Redis' own is a floor of bench/floors.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/async/event_loops.h"
#include "common/redis/client.h"
#include "common/redis/test_server.h"
#include "services/ratelimit/storage/redis_store.h"

namespace tidemark::ratelimit {
namespace {

constexpr int kSubjects = 1000;
constexpr int kAsksEach = 16;
const Policy kCheck{"bench", TokenBucket{1'000'000, absl::Milliseconds(1)}};

const char* RedisUrl() { return std::getenv("TIDEMARK_TEST_REDIS_URL"); }

// One loop is one connection.
class Asker {
 public:
  bool Connect() { return redis::AwaitConnected(loops_, redis_); }
  EventLoop& loop() { return loops_.at(0); }

  Task<bool> Ask() {
    std::string subject = "user:" + std::to_string(next_++ % kSubjects);
    const absl::StatusOr<Decision> decision =
        co_await store_.Take(kCheck, std::move(subject), 1, std::nullopt, Origin());
    co_return decision.ok() && decision->allowed;
  }

  // `parallel` coroutines, each asking kAsksEach times. False: not every ask was answered with a token.
  bool AskInParallel(int64_t parallel) {
    std::atomic<int64_t> left = parallel;
    std::atomic<bool> all = true;
    std::promise<void> done;
    for (int64_t i = 0; i < parallel; ++i) {
      Spawn(loop(), [&]() -> Task<void> {
        for (int ask = 0; ask < kAsksEach; ++ask) {
          const bool allowed = co_await Ask();
          if (!allowed) all = false;
        }
        if (--left == 0) done.set_value();
      });
    }
    done.get_future().get();
    return all;
  }

 private:
  EventLoops loops_{1};
  redis::Client redis_{loops_, {.url = RedisUrl(), .command_timeout = absl::Seconds(20)}};
  RedisStore store_{redis_};
  int next_ = 0;
};

void TakeFromRedis(benchmark::State& state) {
  const int64_t parallel = state.range(0);
  Asker asker;
  if (!asker.Connect()) {
    state.SkipWithError("no Redis at TIDEMARK_TEST_REDIS_URL");
    return;
  }
  while (state.KeepRunningBatch(parallel * kAsksEach)) {
    if (!asker.AskInParallel(parallel)) state.SkipWithError("a full bucket gave nothing");
  }
  state.SetItemsProcessed(state.iterations());
}

[[maybe_unused]] const auto* const kRegistered =
    RedisUrl() == nullptr ? nullptr
                          : benchmark::RegisterBenchmark("TakeFromRedis", TakeFromRedis)
                                -> ArgName("parallel") -> Arg(1) -> Arg(64) -> UseRealTime()
                                    -> MeasureProcessCPUTime();

}  // namespace
}  // namespace tidemark::ratelimit
