#include "client/transport/cancellation.h"

#include <gtest/gtest.h>

namespace tidemark::client {
namespace {

TEST(Cancellation, EndsWhatIsUnderWayOnce) {
  Cancellation cancellation;
  int ended = 0;
  const Cancellation::OnCancel on_cancel(&cancellation, [&] { ++ended; });
  EXPECT_FALSE(cancellation.cancelled());
  cancellation.Cancel();
  cancellation.Cancel();
  EXPECT_TRUE(cancellation.cancelled());
  EXPECT_EQ(ended, 1);
}

TEST(Cancellation, EndsWhatBeginsLater) {
  Cancellation cancellation;
  cancellation.Cancel();
  int ended = 0;
  const Cancellation::OnCancel on_cancel(&cancellation, [&] { ++ended; });
  EXPECT_EQ(ended, 1);
}

TEST(Cancellation, LeavesWhatIsOverAlone) {
  Cancellation cancellation;
  int ended = 0;
  {
    const Cancellation::OnCancel on_cancel(&cancellation, [&] { ++ended; });
  }
  cancellation.Cancel();
  EXPECT_EQ(ended, 0);
}

TEST(Cancellation, IsNotAskedForByNull) {
  const Cancellation::OnCancel on_cancel(nullptr, [] { FAIL(); });
}

}  // namespace
}  // namespace tidemark::client
