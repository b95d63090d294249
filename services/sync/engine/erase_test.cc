// EraseUser (SPEC 2: DELETE /auth/account), over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/purge.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

class EraseTest : public EngineTest {
 protected:
  absl::Status Erase(const UserId& user) {
    return RunBlocking<absl::Status>(loops_.at(0), [&] { return engine_->EraseUser(user); });
  }

  std::string CheckedEtag() {
    const auto answer = Run<absl::StatusOr<CheckAnswer>>(
        [&](Call& call) { return engine_->Check(call, std::nullopt, Wildcard::kNever, DeviceId()); });
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? FormatEtag(answer->head) : "";
  }
};

TEST_F(EraseTest, TasksAreGone) {
  Make({"a", "b"});
  EXPECT_TRUE(Erase(user_).ok());
  EXPECT_EQ(StoredHead(), Head());
  EXPECT_TRUE(Pull({}).updates.empty());
}

TEST_F(EraseTest, APushBringsNothingBackForNinetyDays) {
  Make({"a"});
  ASSERT_TRUE(Erase(user_).ok());
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "invalid_token");
  Purger purger(store_, clock_);
  const auto purge = [&] { return purger.PurgeAll([] { return false; }); };
  clock_.AdvanceMillis(int64_t{90} * 24 * 3'600'000);
  ASSERT_TRUE(RunBlocking<absl::StatusOr<PurgeReport>>(loops_.at(0), purge).ok());
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "invalid_token");
  EXPECT_TRUE(Pull({}).updates.empty());
}

TEST_F(EraseTest, APushThatWaitedForTheErasureIsRefused) {
  Make({"a"});
  store_.before_push = [this] {
    // The loop of the push is busy.
    EventLoops others(1);
    const auto more = RunBlocking<absl::StatusOr<bool>>(
        others.Next(), [&] { return memory_store_.Erase(user_, kNow, 1000); });
    EXPECT_TRUE(more.ok());
  };
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("b")}))), "invalid_token");
  EXPECT_EQ(StoredHead(), Head());
}

TEST_F(EraseTest, TheCachedHeadGoes) {
  Make({"a"});
  const std::string etag = CheckedEtag();
  const int reads = store_.head_reads;
  EXPECT_EQ(CheckedEtag(), etag);
  ASSERT_EQ(store_.head_reads, reads) << "it was not cached";
  ASSERT_TRUE(Erase(user_).ok());
  EXPECT_EQ(CheckedEtag(), FormatEtag(Head()));
}

TEST_F(EraseTest, GoesOnWhileTheCacheIsAway) {
  Make({"a"});
  cache_.away = true;
  EXPECT_TRUE(Erase(user_).ok());
  EXPECT_EQ(StoredHead(), Head());
}

TEST_F(EraseTest, IsToBeAskedAgainWhileTheStoreIsAway) {
  Make({"a"});
  store_.away = true;
  EXPECT_EQ(CodeOf(Erase(user_)), "unavailable");
  store_.away = false;
  EXPECT_TRUE(Erase(user_).ok());
  EXPECT_TRUE(Erase(user_).ok());
}

TEST_F(EraseTest, TakesNothingButAUsersId) {
  for (const char* text : {"", "ada", "00000000-0000-4000-8000-00000000000g"}) {
    const absl::Status refused = Erase(UserId(text));
    EXPECT_EQ(CodeOf(refused), "validation") << text;
    EXPECT_EQ(PointerOf(refused), "/user_id") << text;
  }
}

}  // namespace
}  // namespace tidemark::sync
