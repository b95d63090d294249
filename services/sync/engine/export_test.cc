#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

class ExportTest : public EngineTest {
 protected:
  absl::Status TryExport(const ExportSink& sink) {
    return Run<absl::Status>([&](Call& call) { return engine_->Export(call, sink); });
  }
  std::vector<ExportPart> Export() {
    std::vector<ExportPart> parts;
    const absl::Status status = TryExport([&parts](ExportPart part) -> Task<absl::Status> {
      parts.push_back(std::move(part));
      co_return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return parts;
  }

  // Pushed by ten at once.
  void MakeLarge(int count, std::size_t bytes) {
    std::vector<Change> changes;
    for (int i = 0; i < count; ++i) {
      const std::string id = "t" + std::to_string(10'000 + i);
      changes.push_back(Edit(id).At(10).Content(std::string(bytes, 'x')));
      if (changes.size() == 10 || i + 1 == count) Push(std::exchange(changes, {}));
    }
  }
};

std::vector<std::string> Values(const ExportPart& part) {
  std::vector<std::string> values;
  for (const HistoryEntry& entry : part.history) {
    const auto* text = std::get_if<std::string>(&entry.value);
    values.push_back(entry.id.value() + ": " + (text ? *text : "(other)"));
  }
  return values;
}

TEST_F(ExportTest, HoldsAllTasksWholeDeletedOnesTooAndThenTheirHistories) {
  Make({"b", "a"});
  Push({Edit("a").At(20).Version(2).Content("oat milk")});
  Push({Edit("a").At(30).Version(3).Content("soy milk")});
  Push({Edit("b").At(30).Version(2).Content("bread")});
  Push({Edit("b").At(40).Version(3).Deleted()});
  const std::vector<ExportPart> parts = Export();
  ASSERT_EQ(parts.size(), 1u);
  ASSERT_THAT(IdsOf(parts[0].tasks), testing::ElementsAre("a", "b"));
  EXPECT_EQ(Say(parts[0].tasks[0]), "v3 soy milk open loose alive");
  EXPECT_EQ(Say(parts[0].tasks[1]), "v3 bread open loose deleted");
  EXPECT_TRUE(parts[0].tasks[0].created_at);
  EXPECT_THAT(Values(parts[0]), testing::IsSupersetOf({"b: milk", "a: oat milk", "a: milk"}));
  EXPECT_EQ(parts[0].history.front().id, TaskId("b"));
  EXPECT_EQ(Values(parts[0]).back(), "a: milk");
}

TEST_F(ExportTest, HoldsTheHistoryOfTasksThatArePurgedButNotOfLongAgo) {
  Make({"a"});
  Push({Edit("a").At(20).Version(2).Content("oat milk")});
  Push({Edit("a").At(30).Version(3).Deleted()});
  memory_store_.Purge(user_, StoredHead().high_water);
  std::vector<ExportPart> parts = Export();
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_THAT(parts[0].tasks, testing::IsEmpty());
  EXPECT_THAT(Values(parts[0]), testing::Contains("a: milk"));
  clock_.AdvanceMillis(absl::ToInt64Milliseconds(absl::Hours(24 * 91)));
  EXPECT_THAT(Export(), testing::IsEmpty());
}

TEST_F(ExportTest, OfNothingIsNothing) { EXPECT_THAT(Export(), testing::IsEmpty()); }

TEST_F(ExportTest, GoesThroughPagesOfTheStoreAndTellsEachRowOnce) {
  MakeLarge(450, 1);
  for (int round = 2; round <= 3; ++round) {
    std::vector<Change> changes;
    for (int i = 0; i < 450; ++i) {
      changes.push_back(
          Edit("t" + std::to_string(10'000 + i)).At(20).Version(round).Content(std::to_string(round)));
    }
    Push(std::move(changes));
  }
  std::vector<std::string> ids, values;
  for (const ExportPart& part : Export()) {
    for (const std::string& id : IdsOf(part.tasks)) ids.push_back(id);
    for (const std::string& value : Values(part)) values.push_back(value);
  }
  EXPECT_EQ(ids.size(), 450u);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  ASSERT_EQ(values.size(), 900u);
  EXPECT_EQ(values.front(), "t10449: 2");
  EXPECT_EQ(values[1], "t10449: x");
  EXPECT_EQ(values.back(), "t10000: x");
}

TEST_F(ExportTest, APartIsAboutAMebibyteAtMost) {
  MakeLarge(150, kContentBytesMax);
  const std::vector<ExportPart> parts = Export();
  EXPECT_THAT(parts, testing::SizeIs(3));
  for (const ExportPart& part : parts) {
    std::size_t bytes = 0;
    for (const TaskUpdate& task : part.tasks) bytes += Weight(task);
    EXPECT_LE(bytes, 1024u * 1024u);
  }
}

TEST_F(ExportTest, StopsWhenTheClientHasGone) {
  MakeLarge(150, kContentBytesMax);
  int parts = 0;
  const absl::Status status = TryExport([&parts](ExportPart) -> Task<absl::Status> {
    ++parts;
    co_return absl::CancelledError("gone");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(parts, 1);
}

TEST_F(ExportTest, TakesATokenOfOther) {
  Serve({{"other", 1}});
  EXPECT_THAT(Export(), testing::IsEmpty());
  const absl::Status status = TryExport([](ExportPart) -> Task<absl::Status> { co_return absl::OkStatus(); });
  EXPECT_EQ(CodeOf(status), "rate_limited");
}

TEST_F(ExportTest, IsUnavailableWithoutItsStore) {
  store_.away = true;
  const absl::Status status = TryExport([](ExportPart) -> Task<absl::Status> { co_return absl::OkStatus(); });
  EXPECT_EQ(CodeOf(status), "unavailable");
}

}  // namespace
}  // namespace tidemark::sync
