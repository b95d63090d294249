#include "common/ids/uuid.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Uuid, IsWrittenInOneWay) {
  EXPECT_TRUE(IsUuid("0189f3a2-7c1e-4b6d-9a52-0f3d5e7c8b90"));
  for (const char* text : {"", "0189f3a2", "0189F3A2-7c1e-4b6d-9a52-0f3d5e7c8b90",
                           "0189f3a27c1e-4b6d-9a52-0f3d5e7c8b90-", "0189f3a2-7c1e-4b6d-9a52-0f3d5e7c8b9",
                           "0189f3a2-7c1e-4b6d-9a52-0f3d5e7c8b900", "0189f3a2-7c1e-4b6d-9a52-0f3d5e7c8b9g"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

}  // namespace
}  // namespace tidemark
