// What POST /sync refuses (SPEC 3.3, 7), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// SPEC 7.
class SyncLimits : public EngineTest {};

TEST_F(SyncLimits, AnEmptyBucketRefusesAPullAndSaysForHowLong) {
  Serve({{"sync", 1}});
  Pull({});
  const absl::Status refused = Refused(PullFrom({}));
  EXPECT_EQ(CodeOf(refused), "rate_limited");
  EXPECT_EQ(ErrorInfoOf(refused).details.retry_after, absl::Hours(1));
}

TEST_F(SyncLimits, AnEmptyBucketStoresAPushAndDefersThePull) {
  Make({"a", "b"});
  Serve({{"sync", 1}});
  Pull({});
  const SyncAnswer answer = Push(
      {Milk("c").By(kLaptop), Edit("a").By(kLaptop).Pinned(), Edit("x").By(kLaptop).Pinned()}, kFirstStamp);
  EXPECT_EQ(answer.pull_deferred, absl::Hours(1));
  EXPECT_EQ(answer.server_time, kFirstStamp);
  EXPECT_FALSE(answer.head);
  EXPECT_FALSE(answer.page);
  EXPECT_THAT(IdsOf(answer.updates), ElementsAre("a")) << "what became of the changes, and nothing else";
  EXPECT_THAT(answer.deleted, IsEmpty());
  EXPECT_THAT(CodesOf(answer), ElementsAre("unknown_task"));
  EXPECT_EQ(StoredHead().live_count, 3);
  clock_.AdvanceMillis(3'600'000);
  EXPECT_THAT(IdsOf(Pull(kFirstStamp).updates), ElementsAre("b", "c"));
}

TEST_F(SyncLimits, AnEmptyReserveRefusesAPushToo) {
  Serve({{"sync", 1}, {"push_reserve", 1}});
  Pull({});
  EXPECT_TRUE(Push({Milk("a")}).pull_deferred);
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "rate_limited");
  EXPECT_EQ(StoredHead().live_count, 1);
}

TEST_F(SyncLimits, ABadRequestTakesNoToken) {
  Serve({{"sync", 1}});
  SyncRequest bad = PullFrom({});
  bad.limit = 0;
  EXPECT_EQ(CodeOf(Refused(bad)), "validation");
  Pull({});
}

TEST_F(SyncLimits, AThousandChangesAreTakenAndNotOneMore) {
  std::vector<Change> changes;
  for (int i = 0; i < 1001; ++i) changes.push_back(Milk("t" + std::to_string(i)));
  EXPECT_EQ(CodeOf(Refused(PushOf(changes))), "too_many_changes");
  EXPECT_EQ(StoredHead(), Head{});
  changes.pop_back();
  Push(changes);
  EXPECT_EQ(StoredHead().live_count, 1000);
}

// An answer above the size of a message could never be received, and a retry would be as large.
TEST_F(SyncLimits, APushWhoseAnswerWouldNotFitAMessageStoresNothing) {
  const std::string text(kContentBytesMax, 'x');
  std::vector<Change> made, pinned, flagged;
  for (int i = 0; i < 500; ++i) {
    const std::string id = "t" + std::to_string(i);
    made.push_back(Edit(id).At(10).Content(text));
    pinned.push_back(Edit(id).Version(2).At(11).Pinned());
    // Merged into the version that it had not seen, so that its task is told whole.
    flagged.push_back(Edit(id).By(kWeb).Version(2).At(12).Completed());
  }
  Push(made);
  Push(pinned);
  const Head before = StoredHead();
  EXPECT_EQ(CodeOf(Refused(PushOf(flagged, before.high_water))), "too_many_changes");
  EXPECT_EQ(StoredHead(), before);
  flagged.resize(100);
  EXPECT_EQ(Push(flagged, before.high_water).updates.size(), 100u);
}

TEST_F(SyncLimits, ChangesOfSixteenDevicesAreTakenAndNotOneMore) {
  std::vector<Change> changes;
  for (int i = 0; i < 17; ++i)
    changes.push_back(Milk("t" + std::to_string(i)).By(DeviceId("d" + std::to_string(i))));
  const absl::Status refused = Refused(PushOf(changes));
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), "/changes/16/device_id");
  changes.pop_back();
  Push(changes);
  EXPECT_EQ(StoredHead().live_count, 16);
}

struct BadRequest {
  const char* name;
  void (*spoil)(SyncRequest&);
  const char* pointer;
};

class SyncValidation : public EngineTest, public testing::WithParamInterface<BadRequest> {};

TEST_P(SyncValidation, RefusesTheRequestAndStoresNothing) {
  SyncRequest request = PushOf({Milk("a").Number(1), Milk("b").Number(2)});
  GetParam().spoil(request);
  const absl::Status refused = Refused(request);
  EXPECT_EQ(CodeOf(refused), "validation");
  EXPECT_EQ(PointerOf(refused), GetParam().pointer);
  EXPECT_EQ(StoredHead(), Head{});
}

const BadRequest kBadRequests[] = {
    {"NegativeCursor", [](SyncRequest& r) { r.last_sync = {-1}; }, "/last_sync"},
    {"CursorBeyondJson", [](SyncRequest& r) { r.last_sync = {kUnixMillisMax + 1}; }, "/last_sync"},
    {"NegativeClientTime", [](SyncRequest& r) { r.client_time = UnixMillis{-1}; }, "/client_time"},
    {"NegativeAcked", [](SyncRequest& r) { r.acked = MutationId{-1}; }, "/acked"},
    {"LimitOfNothing", [](SyncRequest& r) { r.limit = 0; }, "/limit"},
    {"LimitOneTooLarge", [](SyncRequest& r) { r.limit = 1001; }, "/limit"},
    {"DeviceOutsideTheAlphabet", [](SyncRequest& r) { r.device = DeviceId("a b"); }, "/device_id"},
    {"DeviceTooLong", [](SyncRequest& r) { r.device = DeviceId(std::string(65, 'd')); }, "/device_id"},
    {"NumbersThatRepeat", [](SyncRequest& r) { r.changes[1].mutation = MutationId{1}; },
     "/changes/1/mutation_id"},
};

INSTANTIATE_TEST_SUITE_P(Of, SyncValidation, testing::ValuesIn(kBadRequests),
                         [](const auto& bad) { return std::string(bad.param.name); });

}  // namespace
}  // namespace tidemark::sync
