#include "services/sync/engine/sync_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::HasSubstr;

class SyncMetricsTest : public EngineTest {
 protected:
  void Check(std::optional<std::string> if_none_match) {
    const auto answer = Run<absl::StatusOr<CheckAnswer>>(
        [&](Call& call) { return engine_->Check(call, if_none_match, Wildcard::kMatches, DeviceId()); });
    ASSERT_TRUE(answer.ok()) << answer.status();
  }
  std::string CurrentEtag() { return FormatEtag(StoredHead()); }

  // e.g. Expect("syncs_total", "end", "pulled", 1)
  void Expect(const std::string& name, const std::string& labels, int count) {
    const std::string line =
        "tidemark_" + name + (labels.empty() ? "" : "{" + labels + "}") + " " + std::to_string(count) + "\n";
    EXPECT_THAT(registry_.Text(), HasSubstr("\n" + line));
  }
};

TEST_F(SyncMetricsTest, EverythingIsThereFromTheStartAtNought) {
  Expect("checks_total", "result=\"not_modified\"", 0);
  Expect("syncs_total", "end=\"v1\"", 0);
  Expect("conflicts_total", "field=\"deleted_at\",winner=\"client\"", 0);
  Expect("changes_rejected_total", "code=\"unknown_task\"", 0);
}

TEST_F(SyncMetricsTest, ACheckAndThePullThatItAsksForAreOneSync) {
  Make({"a"});
  Check(std::nullopt);
  Pull({});
  Expect("checks_total", "result=\"modified\"", 1);
  Expect("syncs_total", "end=\"pulled\"", 1);
  Expect("syncs_total", "end=\"not_modified\"", 0);
}

TEST_F(SyncMetricsTest, ACheckThatFindsNothingNewIsASyncThatEndsSo) {
  Make({"a"});
  Check(CurrentEtag());
  Expect("checks_total", "result=\"not_modified\"", 1);
  Expect("syncs_total", "end=\"not_modified\"", 1);
}

TEST_F(SyncMetricsTest, APullThatFindsNothingNewEndsAsACheckWould) {
  Make({"a"});
  SyncRequest request = PullFrom(StoredHead().high_water);
  request.if_none_match = CurrentEtag();
  Sync(request);
  Expect("syncs_total", "end=\"not_modified\"", 1);
  Expect("syncs_total", "end=\"pulled\"", 0);
}

TEST_F(SyncMetricsTest, PagesOfOnePullAreOneSync) {
  Make({"a", "b", "c"});
  SyncRequest request = PullFrom({});
  request.limit = 1;
  for (int pages = 0; pages < 3; ++pages) request.page = Sync(request).page;
  Expect("syncs_total", "end=\"pulled\"", 1);
}

TEST_F(SyncMetricsTest, APullThatMustStartOverIsOneSync) {
  Make({"a"});
  PurgeThrough(StoredHead().high_water);
  Pull(kFirstStamp);
  Expect("syncs_total", "end=\"pulled\"", 1);
}

TEST_F(SyncMetricsTest, APushCountsWhatBecameOfItsChanges) {
  Push({Milk("a"), Milk("b"), Edit("nowhere").At(10).Completed(true)});
  Expect("syncs_total", "end=\"pushed\"", 1);
  Expect("changes_accepted_total", "", 2);
  Expect("tasks_written_total", "", 2);
  Expect("changes_rejected_total", "code=\"unknown_task\"", 1);
}

TEST_F(SyncMetricsTest, ACodeOfNoneOfTheSpecsIsCountedWithoutItsName) {
  PushResult result;
  result.rejected.push_back({.id = TaskId("a"), .mutation = {}, .code = "of-an-older-version", .detail = ""});
  metrics_.Stored(1, result);
  Expect("changes_rejected_total", "code=\"other\"", 1);
}

TEST_F(SyncMetricsTest, ConflictsAreCountedByFieldAndWinner) {
  Conflict pinned;
  pinned.field = Field::kPinned;
  pinned.winner = Winner::kClient;
  Conflict content;
  content.field = Field::kContent;
  content.winner = Winner::kServer;
  PushResult result;
  result.conflicts = {pinned, content};
  metrics_.Stored(1, result);
  Expect("conflicts_total", "field=\"pinned\",winner=\"client\"", 1);
  Expect("conflicts_total", "field=\"content\",winner=\"server\"", 1);
  Expect("conflicts_total", "field=\"pinned\",winner=\"server\"", 0);
}

TEST_F(SyncMetricsTest, AV1SyncIsOneHoweverManyPartsItIsToldIn) {
  Make({"a", "b"});
  const SyncV1Sink sink = [](SyncV1Part) -> Task<absl::Status> { co_return absl::OkStatus(); };
  const absl::Status synced =
      Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, SyncV1Request(), sink); });
  ASSERT_TRUE(synced.ok()) << synced;
  Expect("syncs_total", "end=\"v1\"", 1);
}

TEST_F(SyncMetricsTest, ARefusedSyncIsNone) {
  Serve({{"sync", 1}, {"push_reserve", 1}});
  Pull({});
  EXPECT_FALSE(Refused(PullFrom({})).ok());
  Expect("syncs_total", "end=\"pulled\"", 1);
}

TEST_F(SyncMetricsTest, TheCacheIsShownAsSuspendedForAsLongAsItIsWithoutAnyRequest) {
  metrics::Readings readings(registry_);
  engine_->Show(readings);
  Make({"a"});
  Expect("cache_suspended", "", 0);
  cache_.away = true;
  Push({Milk("b")});
  Expect("cache_suspended", "", 1);
  clock_.AdvanceMillis(120'000);
  Expect("cache_suspended", "", 0);
}

}  // namespace
}  // namespace tidemark::sync
