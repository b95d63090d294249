#include "common/random/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Uuid, IsVersionFourInCanonicalLowerCase) {
  SeededRandom random(7);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(NewUuid(random),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(SeededRandom, RepeatsItselfForTheSameSeed) {
  SeededRandom first(42), second(42), other(43);
  std::string bytes = first.Bytes(32);
  EXPECT_EQ(bytes, second.Bytes(32));
  EXPECT_NE(bytes, other.Bytes(32));
}

TEST(SystemRandom, GivesTheCountAskedForAndNeverTheSameTwice) {
  SystemRandom random;
  EXPECT_EQ(random.Bytes(32).size(), 32u);
  EXPECT_NE(random.Bytes(32), random.Bytes(32));
}

}  // namespace
}  // namespace tidemark
