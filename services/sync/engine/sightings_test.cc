#include "services/sync/engine/sightings.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::sync {
namespace {

const UserId kAda("ada");
const DeviceId kPhone("phone");
constexpr UnixMillis kNow{1'735'689'600'000};

Sighting Seen(int64_t cursor, int64_t millis_later = 0, DeviceId device = kPhone) {
  return {.at = {kNow.value + millis_later}, .device = std::move(device), .cursor = {cursor}};
}

TEST(Sightings, OfAnUnknownDeviceAreNews) {
  Sightings sightings(10);
  sightings.Note(kAda, Seen(5));
  EXPECT_TRUE(sightings.IsNews(kAda, Seen(5, 0, DeviceId("web"))));
  EXPECT_TRUE(sightings.IsNews(UserId("bob"), Seen(5)));
}

TEST(Sightings, WithAnotherCursorAreNewsForwardsAndBack) {
  Sightings sightings(10);
  sightings.Note(kAda, Seen(5));
  EXPECT_FALSE(sightings.IsNews(kAda, Seen(5)));
  EXPECT_TRUE(sightings.IsNews(kAda, Seen(6)));
  EXPECT_TRUE(sightings.IsNews(kAda, Seen(4)));
}

TEST(Sightings, WithTheSameCursorAreNewsAfterAWeek) {
  Sightings sightings(10);
  sightings.Note(kAda, Seen(5));
  EXPECT_FALSE(sightings.IsNews(kAda, Seen(5, kSeenAgainMillis - 1)));
  EXPECT_TRUE(sightings.IsNews(kAda, Seen(5, kSeenAgainMillis)));
}

TEST(Sightings, AreForgottenWhenTooManyOthersCame) {
  Sightings sightings(10);
  const auto other = [](int number) { return Seen(1, 0, DeviceId("device-" + std::to_string(number))); };
  sightings.Note(kAda, Seen(5));
  for (int i = 0; i < 5; ++i) sightings.Note(kAda, other(i));
  EXPECT_FALSE(sightings.IsNews(kAda, Seen(5)));
  for (int i = 5; i < 10; ++i) sightings.Note(kAda, other(i));
  EXPECT_TRUE(sightings.IsNews(kAda, Seen(5)));
  EXPECT_FALSE(sightings.IsNews(kAda, other(9)));
}

}  // namespace
}  // namespace tidemark::sync
