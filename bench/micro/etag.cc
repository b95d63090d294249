// The ETag of a check: made of the head, and compared with what the device holds.
#include "services/sync/domain/etag.h"

#include <benchmark/benchmark.h>

#include <string>

namespace tidemark::sync {
namespace {

constexpr Head kHead{{1'735'689'800'000}, 1000, 2040, {}};

void MakeEtag(benchmark::State& state) {
  for (auto _ : state) {
    std::string etag = FormatEtag(kHead);
    benchmark::DoNotOptimize(etag);
  }
}
BENCHMARK(MakeEtag);

void CompareEtag(benchmark::State& state, const std::string& if_none_match, bool matches) {
  for (auto _ : state) {
    if (Matches(if_none_match, kHead, Wildcard::kMatches) != matches) state.SkipWithError("compared wrongly");
  }
}
BENCHMARK_CAPTURE(CompareEtag, Equal, FormatEtag(kHead), true);
BENCHMARK_CAPTURE(CompareEtag, Older, std::string("\"1000-1735689700000-2039\""), false);
BENCHMARK_CAPTURE(CompareEtag, SecondOfAList, "W/\"1000-1735689700000-2039\", W/" + FormatEtag(kHead), true);

}  // namespace
}  // namespace tidemark::sync
