// The gateway's JSON: bodies in, answers out.
#include <benchmark/benchmark.h>

#include <string>

#include "gateway/json/sync_codec.h"

namespace tidemark::gateway {
namespace {

constexpr int64_t kNow = 1'735'689'650'000;
constexpr char kContent[] = "Buy milk, two litres, and something for the cat";

std::string PushBody(int64_t changes) {
  std::string body = R"({"last_sync":1735689600000,"epoch":"60fcca396538","device_id":"laptop","changes":[)";
  for (int64_t number = 1; number <= changes; ++number) {
    if (number > 1) body += ',';
    body += R"({"id":"task-)" + std::to_string(number) + R"(","mutation_id":)" + std::to_string(number) +
            R"(,"version":2,"updated_at":1735689650000,"content":")" + kContent + R"(","completed":true})";
  }
  return body + "]}";
}

v1::SyncResponse AnswerOf(int64_t tasks) {
  v1::SyncResponse answer;
  for (int64_t number = 1; number <= tasks; ++number) {
    v1::Task& task = *answer.add_updates();
    task.set_id("task-" + std::to_string(number));
    task.set_version(2);
    task.set_updated_at(kNow);
    task.set_device_id("laptop");
    task.set_created_at(kNow);
    task.set_content(kContent);
    task.set_completed(true);
    task.set_pinned(false);
    task.set_deleted_at(0);
  }
  answer.set_server_time(kNow);
  answer.set_epoch("60fcca396538");
  answer.set_etag("\"1000-1735689650000-2000\"");
  answer.set_next_sync_in(30);
  return answer;
}

void DecodeBody(benchmark::State& state, const std::string& body, int changes) {
  for (auto _ : state) {
    absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(body);
    if (!request.ok() || request->changes_size() != changes) state.SkipWithError("not what was sent");
    benchmark::DoNotOptimize(request);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}

BENCHMARK_CAPTURE(DecodeBody, Check, std::string("{}"), 0);
BENCHMARK_CAPTURE(DecodeBody, PushOf1, PushBody(1), 1);
BENCHMARK_CAPTURE(DecodeBody, PushOf100, PushBody(100), 100);

void EncodeAnswer(benchmark::State& state) {
  const v1::SyncResponse answer = AnswerOf(state.range(0));
  int64_t bytes = 0;
  for (auto _ : state) {
    std::string json = EncodeSyncResponse(answer);
    bytes += std::ssize(json);
    benchmark::DoNotOptimize(json);
  }
  state.SetBytesProcessed(bytes);
}

BENCHMARK(EncodeAnswer)->ArgName("tasks")->Arg(0)->Arg(1)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace tidemark::gateway
