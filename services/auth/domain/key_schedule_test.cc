#include "services/auth/domain/key_schedule.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kPeriod = 30 * 24 * kHour;
constexpr UnixMillis kStart{1'700'000'000'000};
constexpr absl::Duration kTokenLifetime = absl::Minutes(15);

UnixMillis After(int64_t millis) { return {kStart.value + millis}; }

std::vector<KeyPeriod> FirstKey() { return {*NextKeyDue({}, kStart)}; }

TEST(KeySchedule, FirstKeySignsAtOnce) {
  std::vector<KeyPeriod> keys = FirstKey();
  EXPECT_EQ(keys[0].number, 1);
  EXPECT_EQ(SignerAt(keys, kStart), 0u);
}

TEST(KeySchedule, FirstKeySignsUnderAClockThatIsBehindItsMaker) {
  EXPECT_EQ(SignerAt(FirstKey(), After(-500)), 0u);
}

TEST(KeySchedule, AKeyThatIsLeftAloneDoesNotSignBeforeItsTime) {
  std::vector<KeyPeriod> keys = FirstKey();
  keys.push_back(PeriodOfRotation(keys, After(3 * kPeriod)));
  keys.erase(keys.begin());  // it is published no more
  EXPECT_FALSE(SignerAt(keys, After(3 * kPeriod)).has_value());
}

TEST(KeySchedule, SuccessorIsMadeAnHourBeforeItSigns) {
  std::vector<KeyPeriod> keys = FirstKey();
  EXPECT_FALSE(NextKeyDue(keys, After(kPeriod - kHour - 1)).has_value());
  std::optional<KeyPeriod> next = NextKeyDue(keys, After(kPeriod - kHour));
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->number, 2);
  EXPECT_EQ(next->signs_from, After(kPeriod));

  keys.push_back(*next);
  EXPECT_EQ(SignerAt(keys, After(kPeriod - 1)), 0u);
  EXPECT_EQ(SignerAt(keys, After(kPeriod)), 1u);
  EXPECT_FALSE(NextKeyDue(keys, After(kPeriod)).has_value());
}

TEST(KeySchedule, AfterALongStandstillTheNextKeySignsAtOnce) {
  std::vector<KeyPeriod> keys = FirstKey();
  UnixMillis now = After(3 * kPeriod);
  EXPECT_FALSE(SignerAt(keys, now).has_value());
  keys.push_back(*NextKeyDue(keys, now));
  EXPECT_EQ(SignerAt(keys, now), 1u);
}

TEST(KeySchedule, KeyIsPublishedUntilAMinuteAfterItsLastTokenEnds) {
  const std::vector<KeyPeriod> keys = FirstKey();
  const int64_t until = kPeriod + absl::ToInt64Milliseconds(kTokenLifetime) + 60'000;
  EXPECT_TRUE(IsPublished(keys, 0, kTokenLifetime, kStart));
  EXPECT_TRUE(IsPublished(keys, 0, kTokenLifetime, After(until - 1)));
  EXPECT_FALSE(IsPublished(keys, 0, kTokenLifetime, After(until)));
}

TEST(KeySchedule, ARotationSignsWhenEachVerifierCanKnowIt) {
  std::vector<KeyPeriod> keys = FirstKey();
  keys.push_back(PeriodOfRotation(keys, After(kHour)));
  EXPECT_EQ(keys[1].number, 2);
  EXPECT_EQ(SignerAt(keys, After(kHour + 59'999)), 0u);
  EXPECT_EQ(SignerAt(keys, After(kHour + 60'000)), 1u);
  EXPECT_EQ(SignerAt(keys, After(kPeriod)), 1u);
  EXPECT_FALSE(NextKeyDue(keys, After(kPeriod)).has_value());
}

TEST(KeySchedule, ARotatedKeyIsPublishedUntilAMinuteAfterItsLastTokenEnds) {
  std::vector<KeyPeriod> keys = FirstKey();
  keys.push_back(PeriodOfRotation(keys, kStart));
  const int64_t until = 60'000 + absl::ToInt64Milliseconds(kTokenLifetime) + 60'000;
  EXPECT_TRUE(IsPublished(keys, 0, kTokenLifetime, After(until - 1)));
  EXPECT_FALSE(IsPublished(keys, 0, kTokenLifetime, After(until)));
  EXPECT_TRUE(IsPublished(keys, 1, kTokenLifetime, kStart));
  EXPECT_TRUE(IsPublished(keys, 1, kTokenLifetime, After(kPeriod)));
}

TEST(KeySchedule, ARotatedKeyEndsAsSoonWhereTheNextOneWasMadeAlready) {
  std::vector<KeyPeriod> keys = FirstKey();
  const UnixMillis now = After(kPeriod - kHour);
  keys.push_back(*NextKeyDue(keys, now));
  keys.push_back(PeriodOfRotation(keys, now));
  const int64_t until = now.value + 60'000 + absl::ToInt64Milliseconds(kTokenLifetime) + 60'000;
  EXPECT_TRUE(IsPublished(keys, 0, kTokenLifetime, {until - 1}));
  EXPECT_FALSE(IsPublished(keys, 0, kTokenLifetime, {until}));
  EXPECT_EQ(SignerAt(keys, {until}), 2u);
}

TEST(KeySchedule, TheFirstRotationOfAllMakesTheFirstKey) {
  EXPECT_EQ(PeriodOfRotation({}, kStart).number, 1);
  EXPECT_EQ(SignerAt({PeriodOfRotation({}, kStart)}, kStart), 0u);
}

TEST(KeySchedule, NoMomentOfAYearIsWithoutASignerThatWasPublishedFifteenMinutesBefore) {
  std::vector<KeyPeriod> keys;
  std::vector<UnixMillis> made_at;
  for (UnixMillis now = kStart; now < After(12 * kPeriod); now.value += 60'000) {
    if (std::optional<KeyPeriod> due = NextKeyDue(keys, now)) {
      keys.push_back(*due);
      made_at.push_back(now);
    }
    std::optional<size_t> signer = SignerAt(keys, now);
    ASSERT_TRUE(signer.has_value()) << now.value;
    ASSERT_TRUE(*signer == 0 || now.value - made_at[*signer].value >= 15 * 60'000) << now.value;
  }
}

}  // namespace
}  // namespace tidemark::auth
