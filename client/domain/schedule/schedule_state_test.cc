#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/domain/schedule/state.h"

namespace tidemark::client {
namespace {

TEST(SavedSchedule, OfANewClientIsEmpty) { EXPECT_EQ(Encode(SavedState{}), ""); }

TEST(SavedSchedule, HoldsWhatDiffersFromANewOne) {
  SavedState state;
  state.wants.edited_first = UnixMillis{17};
  state.taken.head = UnixMillis{18};
  state.timer_jitter = 0.95;
  state.connection.session = SessionState::kLoggedOut;
  EXPECT_EQ(Encode(state), "edited_first=17 taken_head=18 timer_jitter=950000 session=2");
}

TEST(SavedSchedule, KeepsWhateverTextAServerSendsAsAnEtag) {
  SavedState state;
  state.etag = "a b=c\n\xff";
  const absl::StatusOr<SavedState> read = Decode(Encode(state));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->etag, state.etag);
}

TEST(SavedSchedule, OfANewerVersionIsReadAsFarAsItIsKnown) {
  const absl::StatusOr<SavedState> read = Decode("synced=5 of_a_later_version=7");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->synced, UnixMillis{5});
}

struct Broken {
  std::string name;
  std::string text;
};

class BrokenScheduleTest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenScheduleTest, IsRefused) {
  EXPECT_EQ(Decode(GetParam().text).status().code(), absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Of, BrokenScheduleTest,
                         testing::Values(Broken{"NoName", "5"}, Broken{"NoNumber", "synced=soon"},
                                         Broken{"HalfANumber", "synced=5x"},
                                         Broken{"NoSuchSession", "session=3"},
                                         Broken{"NoSuchTrigger", "run_trigger=-1"},
                                         Broken{"HalfAByte", "etag=3"}, Broken{"NoHex", "etag=zz"}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tidemark::client
