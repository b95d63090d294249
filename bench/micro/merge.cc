// What the merge of one change costs, by what becomes of it, and a push of several without its store.
#include "services/sync/domain/merge.h"

#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "services/sync/domain/push.h"
#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

constexpr Stamp kStamp{100};
constexpr char kContent[] = "Buy milk, two litres, and something for the cat";

// Made by the phone: version 1, stamp 10.
TaskRow Made() { return Create(Edit().At(10).Content(kContent), Stamp{10}); }

// What the web made of it: version 2, stamp 20.
TaskRow EditedByWeb(const Edit& edit) { return Merge(Made(), edit, {}, Stamp{20}).task; }

Edit OfWeb() { return Edit().By(kWeb).Version(2).At(20); }
// The laptop has seen version 1 alone, whatever the web did since.
Edit OfLaptop() { return Edit().By(kLaptop).Version(2).At(30); }

void MergeOne(benchmark::State& state, const TaskRow& row, const Change& change, size_t conflicts) {
  for (auto _ : state) {
    Merged merged = Merge(row, change, {}, kStamp);
    if (merged.conflicts.size() != conflicts) state.SkipWithError("another case than the name says");
    benchmark::DoNotOptimize(merged);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(MergeOne, FastForward, Made(), OfLaptop().Content("Bread"), 0);
BENCHMARK_CAPTURE(MergeOne, OtherFields, EditedByWeb(OfWeb().Completed()), OfLaptop().Content("Bread"), 0);
BENCHMARK_CAPTURE(MergeOne, Conflict, EditedByWeb(OfWeb().Content("Eggs")), OfLaptop().Content("Bread"), 1);
BENCHMARK_CAPTURE(MergeOne, EditOfADeletedTask, EditedByWeb(OfWeb().Deleted(20)), OfLaptop().Content("Bread"),
                  1);
BENCHMARK_CAPTURE(MergeOne, DeletionOfAnEditedTask, EditedByWeb(OfWeb().Content("Eggs")),
                  OfLaptop().Deleted(30), 1);

// The phone edits so many tasks, each seen as it is.
std::pair<PushRequest, PushState> PushOf(int64_t changes) {
  PushRequest request{.changes = {}, .device = kPhone, .acked = {}, .cursor = {}, .now = {1000}};
  for (int64_t number = 1; number <= changes; ++number) {
    request.changes.push_back(Edit("task-" + std::to_string(number)).Number(number).At(10).Content(kContent));
  }
  PushState stored = ApplyPush(request, {}).state;
  for (int64_t i = 0; i < changes; ++i) {
    Change& change = request.changes[i];
    change = Edit(change.id.value()).Number(changes + i + 1).Version(2).At(20).Content("Bread");
  }
  return {std::move(request), std::move(stored)};
}

void ApplyPushOf(benchmark::State& state) {
  const auto [request, stored] = PushOf(state.range(0));
  for (auto _ : state) {
    PushResult result = ApplyPush(request, stored);
    if (std::ssize(result.written) != state.range(0)) state.SkipWithError("not all was written");
    benchmark::DoNotOptimize(result);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(ApplyPushOf)->ArgName("changes")->Arg(1)->Arg(100);

}  // namespace
}  // namespace tidemark::sync
