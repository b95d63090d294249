// The gateway's JSON: bodies in, answers out.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <string_view>

#include "common/gzip/gzip.h"
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

std::string UuidOf(std::mt19937& random) {
  std::string id = "00000000-0000-4000-8000-000000000000";
  for (char& c : id) {
    if (c == '0') c = "0123456789abcdef"[random() % 16];
  }
  return id;
}

std::string WordsOf(std::mt19937& random) {
  static constexpr std::string_view kWords[] = {"buy",    "milk",   "call", "the",    "dentist", "about",
                                                "report", "Monday", "send", "Ada",    "invoice", "before",
                                                "noon",   "fix",    "bike", "window", "read",    "chapter",
                                                "seven",  "water",  "and",  "plants", "book",    "train"};
  std::string text;
  for (uint32_t words = 4 + random() % 8; words > 0; --words) {
    text += kWords[random() % std::size(kWords)];
    text += ' ';
  }
  return text;
}

// No two tasks alike, as with people: gzip is not to find more than there is.
v1::SyncResponse VariedAnswerOf(int64_t tasks) {
  v1::SyncResponse answer = AnswerOf(tasks);
  std::mt19937 random(1);
  for (v1::Task& task : *answer.mutable_updates()) {
    task.set_id(UuidOf(random));
    task.set_content(WordsOf(random));
    task.set_created_at(kNow - static_cast<int64_t>(random()));
    task.set_updated_at(task.created_at() + random() % 1'000'000);
    task.set_completed(random() % 2 == 0);
  }
  return answer;
}

// What a client that asks for gzip costs on top.
void GzipAnswer(benchmark::State& state) {
  const std::string json = EncodeSyncResponse(VariedAnswerOf(state.range(0)));
  std::string compressed;
  for (auto _ : state) {
    compressed = Gzip(json, kGzipFast);
    benchmark::DoNotOptimize(compressed);
  }
  state.SetBytesProcessed(state.iterations() * std::ssize(json));
  state.counters["share"] = static_cast<double>(compressed.size()) / static_cast<double>(json.size());
}

BENCHMARK(GzipAnswer)->ArgName("tasks")->Arg(100)->Arg(1000);
BENCHMARK(EncodeAnswer)->ArgName("tasks")->Arg(0)->Arg(1)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace tidemark::gateway
