// A token from a bucket, without Redis: the arithmetic, and the store that stands in while Redis is away.
#include "services/ratelimit/domain/bucket.h"

#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "services/ratelimit/storage/memory_store.h"

namespace tidemark::ratelimit {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
// Never empty, however long the benchmark asks.
const Policy kCheck{"check", TokenBucket{1'000'000, absl::Milliseconds(1)}};

void TakeByArithmetic(benchmark::State& state) {
  std::optional<Bucket> stored;
  UnixMillis now = kNow;
  for (auto _ : state) {
    ++now.value;
    const Taken taken = Take(kCheck, stored, 1, now);
    stored = taken.bucket;
    benchmark::DoNotOptimize(stored);
  }
}
BENCHMARK(TakeByArithmetic);

std::vector<std::string> Subjects(int64_t count) {
  std::vector<std::string> subjects;
  for (int64_t i = 0; i < count; ++i) subjects.push_back("user:" + std::to_string(i));
  return subjects;
}

void TakeFromMemory(benchmark::State& state) {
  ManualClock clock(kNow);
  MemoryStore store(clock);
  const std::vector<std::string> subjects = Subjects(state.range(0));
  EventLoops loops(1);
  RunBlocking<void>(loops.at(0), [&]() -> Task<void> {
    size_t next = 0;
    for (auto _ : state) {
      if (next == 0) clock.AdvanceMillis(1);
      std::string subject = subjects[next];
      next = (next + 1) % subjects.size();
      absl::StatusOr<Decision> decision =
          co_await store.Take(kCheck, std::move(subject), 1, std::nullopt, Origin());
      if (!decision.ok() || !decision->allowed) state.SkipWithError("a full bucket gave nothing");
    }
  });
}
BENCHMARK(TakeFromMemory)->ArgName("users")->Arg(1)->Arg(30'000);

}  // namespace
}  // namespace tidemark::ratelimit
