#include "services/auth/client/revoked_sessions.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

const SessionId kPhone("phone");
const SessionId kDesk("desk");

TEST(RevokedSessions, HoldsNoneAtFirst) { EXPECT_FALSE(RevokedSessions().Contains(kPhone)); }

TEST(RevokedSessions, HoldsWhatWasAddedAndNoOthers) {
  RevokedSessions revoked;
  revoked.Add(kPhone, {100});
  EXPECT_TRUE(revoked.Contains(kPhone));
  EXPECT_FALSE(revoked.Contains(kDesk));
}

TEST(RevokedSessions, ForgetsEachWhenItsLastTokenHasExpired) {
  RevokedSessions revoked;
  revoked.Add(kPhone, {100});
  revoked.Add(kDesk, {200});
  revoked.ForgetExpired({99});
  EXPECT_TRUE(revoked.Contains(kPhone));
  revoked.ForgetExpired({100});
  EXPECT_FALSE(revoked.Contains(kPhone));
  EXPECT_TRUE(revoked.Contains(kDesk));
}

TEST(RevokedSessions, OneThatIsToldTwiceStaysUntilTheLaterTime) {
  RevokedSessions revoked;
  revoked.Add(kPhone, {200});
  revoked.Add(kPhone, {100});
  revoked.ForgetExpired({150});
  EXPECT_TRUE(revoked.Contains(kPhone));
}

}  // namespace
}  // namespace tidemark::auth
