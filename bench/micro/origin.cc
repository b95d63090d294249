// What each process does about the trace of a call: read where it comes from, and tell whom it calls. And
// what the trace costs in its log line.
#include "common/origin/origin.h"

#include <benchmark/benchmark.h>

#include <string>

#include "absl/time/time.h"
#include "common/log/line.h"

namespace tidemark {
namespace {

constexpr char kTraceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

void TakeOrigin(benchmark::State& state, const std::string& request_id, const std::string& traceparent) {
  for (auto _ : state) {
    const Origin origin = OriginOf(request_id, traceparent);
    benchmark::DoNotOptimize(origin);
  }
}
BENCHMARK_CAPTURE(TakeOrigin, Given, std::string("4f1c2d3e5a6b7c8d"), std::string(kTraceparent));
BENCHMARK_CAPTURE(TakeOrigin, Made, std::string(), std::string());

void TellTraceparent(benchmark::State& state) {
  const Span span = SpanFrom(kTraceparent);
  for (auto _ : state) {
    std::string text = Traceparent(span);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(TellTraceparent);

void FormatCallLine(benchmark::State& state, const Origin& origin) {
  for (auto _ : state) {
    std::string line = log::FormatLine(
        absl::FromUnixMillis(1'735'689'800'007), log::Level::kInfo, "tidemark-sync", "call",
        {{"method", "/tidemark.v1.SyncService/Check"}, {"code", "OK"}, {"duration_ms", 0.123456}}, origin);
    benchmark::DoNotOptimize(line);
  }
}
BENCHMARK_CAPTURE(FormatCallLine, Traced, OriginOf("4f1c2d3e5a6b7c8d", kTraceparent));
BENCHMARK_CAPTURE(FormatCallLine, Untraced, Origin{.request_id = "4f1c2d3e5a6b7c8d"});

}  // namespace
}  // namespace tidemark
