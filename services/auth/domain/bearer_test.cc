#include "services/auth/domain/bearer.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

TEST(BearerToken, IsWhatFollowsTheSchemeInAnyCase) {
  for (const char* value : {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer  a.b.c "}) {
    EXPECT_EQ(BearerToken(value), "a.b.c") << value;
  }
}

TEST(BearerToken, IsAbsentWithoutSchemeOrToken) {
  for (const char* value : {"", "Bearer", "Bearer ", "Bearer   ", "Basic YTpi", "a.b.c", "Bearera.b.c"}) {
    EXPECT_EQ(BearerToken(value), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace tidemark::auth
