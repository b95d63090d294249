#include "services/auth/domain/rotation.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace tidemark::auth {
namespace {

constexpr int64_t kRotatedAt = 1'000'000;
constexpr int64_t kGrace = 60'000;
constexpr int64_t kLiveGeneration = 7;
constexpr int64_t kExpiresAt = 5'000'000;

struct Row {
  std::string name;
  int64_t generation;
  bool ended;
  int64_t now;
  Verdict verdict;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class RotationTable : public testing::TestWithParam<Row> {};

TEST_P(RotationTable, Holds) {
  const Row& row = GetParam();
  PresentedToken token{row.generation, UnixMillis{kExpiresAt}};
  SessionState session{kLiveGeneration, UnixMillis{kRotatedAt}, row.ended};
  EXPECT_EQ(Judge(token, session, UnixMillis{row.now}), row.verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Rotation, RotationTable,
    testing::Values(
        Row{"LiveTokenRotates", 7, false, kRotatedAt + 1, Verdict::kRotate},
        Row{"LiveTokenRotatesUntilItExpires", 7, false, kExpiresAt - 1, Verdict::kRotate},
        Row{"LiveTokenExpires", 7, false, kExpiresAt, Verdict::kExpired},
        Row{"PredecessorRepeatsAtOnce", 6, false, kRotatedAt, Verdict::kRepeat},
        Row{"PredecessorRepeatsAtTheEndOfTheGrace", 6, false, kRotatedAt + kGrace, Verdict::kRepeat},
        Row{"PredecessorIsReusedAfterTheGrace", 6, false, kRotatedAt + kGrace + 1, Verdict::kReused},
        Row{"PredecessorRepeatsUnderAClockThatIsBehind", 6, false, kRotatedAt - 500, Verdict::kRepeat},
        Row{"GrandparentIsReusedEvenAtOnce", 5, false, kRotatedAt, Verdict::kReused},
        Row{"FirstTokenIsReused", 1, false, kRotatedAt, Verdict::kReused},
        Row{"ExpiredBeatsReused", 1, false, kExpiresAt, Verdict::kExpired},
        Row{"LiveTokenOfAnEndedSession", 7, true, kRotatedAt + 1, Verdict::kEnded},
        Row{"PredecessorOfAnEndedSessionWithinGrace", 6, true, kRotatedAt + 1, Verdict::kEnded},
        Row{"SpentTokenOfAnEndedSessionStaysReused", 5, true, kRotatedAt + 1, Verdict::kReused}),
    [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

}  // namespace
}  // namespace tidemark::auth
