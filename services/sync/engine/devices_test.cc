// What devices confirm, and GET /devices (SPEC 3.6), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DevicesTest : public EngineTest {
 protected:
  absl::StatusOr<std::vector<DeviceStatus>> TryList() {
    return Run<absl::StatusOr<std::vector<DeviceStatus>>>(
        [&](Call& call) { return engine_->ListDevices(call); });
  }
  // "phone +2 -1": its cursor, counted from kFirstStamp, and how many changes it is behind.
  std::vector<std::string> Listed() {
    const absl::StatusOr<std::vector<DeviceStatus>> devices = TryList();
    EXPECT_TRUE(devices.ok()) << devices.status();
    std::vector<std::string> listed;
    for (const DeviceStatus& device : devices.value_or(std::vector<DeviceStatus>())) {
      const int64_t cursor = device.cursor.value;
      listed.push_back(device.device.value() + " " +
                       (cursor == 0 ? "0" : "+" + std::to_string(cursor - kFirstStamp.value)) + " -" +
                       std::to_string(device.changes_behind));
    }
    return listed;
  }

  bool NotModified(const std::string& if_none_match, const DeviceId& device) {
    const auto answer = Run<absl::StatusOr<CheckAnswer>>(
        [&](Call& call) { return engine_->Check(call, if_none_match, Wildcard::kMatches, device); });
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() && answer->not_modified;
  }

  // By a request that names no device, so that nobody but those under test is listed.
  void MakeUnnoticed(const std::vector<std::string>& ids) {
    SyncRequest request;
    for (const std::string& id : ids) request.changes.push_back(Milk(id));
    Sync(request);
  }

  std::string StoredEtag() { return FormatEtag(StoredHead()); }
};

TEST_F(DevicesTest, APullConfirmsTheCursorThatItSends) {
  MakeUnnoticed({"a", "b", "c"});
  const Stamp end = Pull({}).server_time;
  EXPECT_THAT(Listed(), ElementsAre("laptop 0 -3"));
  Pull({kFirstStamp.value + 1});
  EXPECT_THAT(Listed(), ElementsAre("laptop +1 -1"));
  Pull(end);
  EXPECT_THAT(Listed(), ElementsAre("laptop +2 -0"));
  Pull({});
  EXPECT_THAT(Listed(), ElementsAre("laptop 0 -3")) << "it began anew";
}

TEST_F(DevicesTest, APushConfirmsTheCursorThatItSendsAndNotWhatItStores) {
  Push({Milk("a")});
  EXPECT_THAT(Listed(), ElementsAre("phone 0 -1"));
  Push({Milk("b")}, kFirstStamp);
  EXPECT_THAT(Listed(), ElementsAre("phone +0 -1"));
}

TEST_F(DevicesTest, ACheckAnsweredNotModifiedConfirmsTheState) {
  MakeUnnoticed({"a", "b"});
  EXPECT_FALSE(NotModified("\"1-2-3\"", kPhone));
  EXPECT_THAT(Listed(), IsEmpty()) << "it has another state";
  EXPECT_TRUE(NotModified("*", kPhone));
  EXPECT_THAT(Listed(), IsEmpty()) << "any state is not this one";
  EXPECT_TRUE(NotModified(StoredEtag(), DeviceId()));
  EXPECT_THAT(Listed(), IsEmpty()) << "nobody is named";
  EXPECT_TRUE(NotModified(StoredEtag(), kPhone));
  EXPECT_THAT(Listed(), ElementsAre("phone +1 -0"));
}

TEST_F(DevicesTest, AnUnchangedAnswerConfirmsTheState) {
  MakeUnnoticed({"a", "b"});
  SyncRequest request = PullFrom(kFirstStamp);
  request.if_none_match = StoredEtag();
  Sync(request);
  EXPECT_THAT(Listed(), ElementsAre("laptop +1 -0"));
}

TEST_F(DevicesTest, ACursorOfAnotherDataSetConfirmsNothing) {
  MakeUnnoticed({"a", "b"});
  Pull(kFirstStamp);
  SyncRequest request = PullFrom({kFirstStamp.value + 1});
  request.epoch = Epoch("e0");
  EXPECT_EQ(Sync(request).full_resync, Resync::kRewound);
  EXPECT_EQ(Pull({kFirstStamp.value + 2}).full_resync, Resync::kRewound);
  SyncRequest push = PushOf({Milk("c").By(kLaptop)}, {kFirstStamp.value + 2});
  EXPECT_EQ(Sync(push).full_resync, Resync::kRewound);
  EXPECT_THAT(Listed(), ElementsAre("laptop +0 -1"));
}

TEST_F(DevicesTest, WhatIsKnownIsWrittenAgainAfterAWeek) {
  MakeUnnoticed({"a"});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(NotModified(StoredEtag(), kPhone));
  EXPECT_EQ(store_.notes, 1);
  clock_.AdvanceMillis(7 * kDayMillis);
  EXPECT_TRUE(NotModified(StoredEtag(), kPhone));
  EXPECT_EQ(store_.notes, 2);
}

TEST_F(DevicesTest, WhatAPushOrAPullToldIsKnown) {
  MakeUnnoticed({"a"});
  Pull(kFirstStamp);
  EXPECT_TRUE(NotModified(StoredEtag(), kLaptop));
  EXPECT_EQ(store_.notes, 0);
  Push({Milk("b").By(kWeb)}, kFirstStamp);
  store_.last_pull = {};
  SyncRequest request = PullFrom(kFirstStamp);
  request.device = kWeb;
  Sync(request);
  EXPECT_FALSE(store_.last_pull.seen);
}

TEST_F(DevicesTest, ADeviceThatBeginsAnewIsNotedThoughThisProcessHasSeenItDoSoBefore) {
  MakeUnnoticed({"a"});
  Pull({});
  const Sighting elsewhere{.at = kNow, .device = kLaptop, .cursor = kFirstStamp};
  ASSERT_TRUE(RunBlocking<absl::Status>(loops_.at(0), [&] {
                return memory_store_.NoteDevice(user_, elsewhere);
              }).ok());
  Pull({});
  EXPECT_THAT(Listed(), ElementsAre("laptop 0 -1"));
}

TEST_F(DevicesTest, AConfirmationThatCannotBeWrittenFailsNothingAndIsToldAgain) {
  MakeUnnoticed({"a"});
  store_.notes_nothing = true;
  EXPECT_TRUE(NotModified(StoredEtag(), kPhone));
  SyncRequest request = PullFrom(kFirstStamp);
  request.if_none_match = StoredEtag();
  Sync(request);
  store_.notes_nothing = false;
  EXPECT_TRUE(NotModified(StoredEtag(), kPhone));
  EXPECT_THAT(Listed(), ElementsAre("phone +0 -0"));
}

TEST_F(DevicesTest, ACheckWaitsForNoStoreThatIsAway) {
  MakeUnnoticed({"a"});
  const std::string etag = StoredEtag();
  store_.away = true;
  clock_.AdvanceMillis(10'000);
  EXPECT_TRUE(NotModified(etag, kPhone));
  EXPECT_EQ(store_.notes, 0);
}

TEST_F(DevicesTest, AreListedLatestFirstForNinetyDays) {
  MakeUnnoticed({"a"});
  NotModified(StoredEtag(), kPhone);
  clock_.AdvanceMillis(kDayMillis);
  NotModified(StoredEtag(), kWeb);
  EXPECT_THAT(Listed(), ElementsAre("web +0 -0", "phone +0 -0"));
  clock_.AdvanceMillis(89 * kDayMillis);
  EXPECT_THAT(Listed(), ElementsAre("web +0 -0", "phone +0 -0"));
  clock_.AdvanceMillis(1);
  EXPECT_THAT(Listed(), ElementsAre("web +0 -0"));
}

TEST_F(DevicesTest, AreListedAtTheCostOfTheBucketForOtherRequests) {
  Serve({{"other", 1}});
  EXPECT_TRUE(TryList().ok());
  EXPECT_EQ(CodeOf(TryList().status()), "rate_limited");
}

TEST_F(DevicesTest, AreUnavailableWhileTheStoreIsAway) {
  store_.away = true;
  EXPECT_EQ(CodeOf(TryList().status()), "unavailable");
}

}  // namespace
}  // namespace tidemark::sync
