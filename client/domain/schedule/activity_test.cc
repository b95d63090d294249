#include "client/domain/schedule/activity.h"

#include <gtest/gtest.h>

namespace tidemark::client {
namespace {

constexpr absl::Duration kWeek = absl::Hours(7 * 24);
constexpr UnixMillis kNow{1'767'225'600'000};

TEST(Activity, LastsSevenDaysFromTheLastEdit) {
  MaybeTime changed;
  NoteEdit(changed, kNow);
  EXPECT_TRUE(IsActiveAt(changed, kWeek, {kNow.value + absl::ToInt64Milliseconds(kWeek)}));
  EXPECT_FALSE(IsActiveAt(changed, kWeek, {kNow.value + absl::ToInt64Milliseconds(kWeek) + 1}));
}

TEST(Activity, IsNotThereBeforeTheFirstEdit) { EXPECT_FALSE(IsActiveAt(std::nullopt, kWeek, kNow)); }

TEST(Activity, IsNotTakenBackByAnOlderChange) {
  MaybeTime changed;
  NoteEdit(changed, kNow);
  NoteEtag(changed, "3-1700000000000-9", kNow);
  EXPECT_EQ(changed, kNow);
}

TEST(Activity, IsReadFromNoTextThatIsNoEtag) {
  for (const char* text : {"", "3", "3-", "3-x-9", "3-17", "--", "3-99999999999999999999-9", "3--5-9"}) {
    MaybeTime changed;
    NoteEtag(changed, text, kNow);
    EXPECT_FALSE(changed) << text;
  }
}

}  // namespace
}  // namespace tidemark::client
