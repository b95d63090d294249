#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"
#include "bench/seed/accounts.h"
#include "bench/seed/rows.h"

namespace tidemark::bench {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr char kUser[] = "00000000-0000-4000-8000-000000000001";
constexpr UnixMillis kNow{1735689800000};

std::vector<std::string> Columns(std::string_view line) {
  return absl::StrSplit(absl::string_view(line.data(), line.size()), '\t');
}

std::vector<std::string> TaskLines(int64_t tasks) {
  std::string lines;
  AppendTasks(kUser, tasks, kNow, lines);
  return absl::StrSplit(lines, '\n', absl::SkipEmpty());
}

std::size_t ColumnsNamedIn(std::string_view table) {
  return static_cast<std::size_t>(std::count(table.begin(), table.end(), ',')) + 1;
}

TEST(SeedRows, EachLineHasAValueForEachColumn) {
  const DeviceState state = StateAfter(3, kNow);
  EXPECT_THAT(Columns(TaskLines(1).front()), SizeIs(ColumnsNamedIn(kTaskTable)));
  EXPECT_THAT(Columns(HeadLine(kUser, state)), SizeIs(ColumnsNamedIn(kHeadTable)));
  EXPECT_THAT(Columns(DeviceLine(kUser, state)), SizeIs(ColumnsNamedIn(kDeviceTable)));
}

TEST(SeedRows, StampsRiseByOneUpToTheHeadsHighWater) {
  std::vector<std::string> stamps;
  for (const std::string& line : TaskLines(3)) stamps.push_back(Columns(line)[3]);
  EXPECT_THAT(stamps, ElementsAre("1735689799998", "1735689799999", "1735689800000"));
  EXPECT_EQ(StateAfter(3, kNow).cursor, kNow.value);
}

TEST(SeedRows, TheHeadCountsTheTasksAndTheirVersions) {
  const DeviceState state = StateAfter(3, kNow);
  EXPECT_EQ(HeadLine(kUser, state), std::string(kUser) + "\t1735689800000\t3\t3\n");
  EXPECT_EQ(state.edits, 0);
}

TEST(SeedRows, UserIdsRiseAndAreSpreadOverAllThereCanBe) {
  SeededRandom random(1);
  std::vector<std::string> ids;
  for (int64_t user = 0; user < 64; ++user) ids.push_back(UserIdAt(user, 64, random));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  EXPECT_EQ(ids.front().front(), '0');
  EXPECT_EQ(ids.back().front(), 'f');
  for (const std::string& id : ids) EXPECT_THAT(id, testing::MatchesRegex("[0-9a-f-]{14}4[0-9a-f-]{21}"));
}

}  // namespace
}  // namespace tidemark::bench
