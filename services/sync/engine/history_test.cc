// GET /tasks/{id}/history (SPEC 5.5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HistoryTest : public EngineTest {
 protected:
  absl::StatusOr<std::vector<HistoryEntry>> TryGet(std::string id) {
    return Run<absl::StatusOr<std::vector<HistoryEntry>>>(
        [&](Call& call) { return engine_->GetHistory(call, TaskId(id)); });
  }
  // "content milk of phone v1 overwritten"
  std::vector<std::string> Say(std::string id) {
    static constexpr const char* kReasons[] = {"overwritten", "conflict", "deleted"};
    static constexpr const char* kNames[] = {"content", "completed", "pinned", "deleted_at"};
    std::vector<std::string> lines;
    const absl::StatusOr<std::vector<HistoryEntry>> entries = TryGet(std::move(id));
    EXPECT_TRUE(entries.ok()) << entries.status();
    if (!entries.ok()) return lines;
    for (const HistoryEntry& entry : *entries) {
      const auto* text = std::get_if<std::string>(&entry.value);
      lines.push_back(absl::StrCat(kNames[static_cast<int>(entry.field)], text ? " " + *text : "", " of ",
                                   entry.device.value(), " v", entry.version.value, " ",
                                   kReasons[static_cast<int>(entry.reason)]));
    }
    return lines;
  }
};

TEST_F(HistoryTest, TellsEveryOverwrittenValueNewestFirst) {
  Push({Milk()});
  Push({Edit("t").Version(2).Content("oat milk")}, {1});
  Push({Edit("t").By(kWeb).Version(3).Content("soy milk")}, {1});
  EXPECT_THAT(Say("t"), ElementsAre("content oat milk of phone v2 overwritten",
                                    "content milk of phone v1 overwritten"));
}

TEST_F(HistoryTest, TellsTheValueThatLostAConflict) {
  Push({Milk()});
  Push({Edit("t").At(20).Version(2).Content("oat milk")}, {1});
  Push({Edit("t").By(kWeb).At(15).Version(2).Content("soy milk")}, {1});
  EXPECT_THAT(Say("t"),
              ElementsAre("content soy milk of web v2 conflict", "content milk of phone v1 overwritten"));
}

TEST_F(HistoryTest, KeepsTheTextOfADeletedTask) {
  Push({Milk()});
  Push({Edit("t").Version(2).Deleted()}, {1});
  EXPECT_THAT(Say("t"), ElementsAre("content milk of phone v1 deleted", "deleted_at of phone v1 deleted"));
}

TEST_F(HistoryTest, IsEmptyForATaskThatWasNeverEdited) {
  Push({Milk()});
  EXPECT_THAT(Say("t"), IsEmpty());
}

TEST_F(HistoryTest, EndsAfterNinetyDays) {
  Push({Milk()});
  Push({Edit("t").Version(2).Content("oat milk")}, {1});
  clock_.AdvanceMillis(int64_t{90} * 24 * 60 * 60 * 1000 + 1);
  Push({Edit("t").Version(3).Content("soy milk")}, {1});
  EXPECT_THAT(Say("t"), ElementsAre("content oat milk of phone v2 overwritten"));
}

TEST_F(HistoryTest, AnUnknownTaskIsNotFoundAndABadIdIsInvalid) {
  EXPECT_EQ(CodeOf(TryGet("t").status()), "not_found");
  EXPECT_EQ(CodeOf(TryGet("no spaces").status()), "validation");
}

TEST_F(HistoryTest, TakesFromTheBucketOfOtherRequests) {
  Serve({{"other", 1}});
  EXPECT_EQ(CodeOf(TryGet("t").status()), "not_found");
  EXPECT_EQ(CodeOf(TryGet("t").status()), "rate_limited");
}

}  // namespace
}  // namespace tidemark::sync
