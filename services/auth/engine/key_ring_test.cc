#include "services/auth/engine/key_ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/async/event_loops.h"
#include "common/status/error.h"
#include "services/auth/storage/memory_store.h"

namespace tidemark::auth {
namespace {

using testing::SizeIs;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kPeriod = 30 * 24 * kHour;

// Counts reads, and fails on demand.
class TestKeyStore : public KeyStore {
 public:
  Task<absl::StatusOr<std::vector<StoredKey>>> LoadKeys() override {
    ++reads;
    if (away) co_return absl::UnavailableError("the store is away");
    absl::StatusOr<std::vector<StoredKey>> keys = co_await memory_.LoadKeys();
    co_return keys;
  }
  Task<absl::Status> AddKey(StoredKey key) override { return memory_.AddKey(std::move(key)); }

  bool away = false;
  int reads = 0;

 private:
  MemoryKeyStore memory_;
};

class KeyRingTest : public testing::Test {
 protected:
  // `masters`: a letter for each, the one that seals first.
  KeyRing NewRing(std::string_view masters = "a") {
    SecretKeys keys;
    for (const char master : masters) keys.push_back(*ParseSecretKey(std::string(64, master)));
    return KeyRing(store_, clock_, random_, keys, absl::Minutes(15));
  }

  // The id of the key that signs now.
  std::string SignerOf(KeyRing& ring) {
    using Answer = absl::StatusOr<std::shared_ptr<const SigningKey>>;
    Answer answer = RunBlocking<Answer>(loops_.Next(), [&] { return ring.Signer(Origin()); });
    return answer.ok() ? (*answer)->public_key().id : "";
  }

  std::vector<std::string> PublishedOf(KeyRing& ring) {
    using Answer = absl::StatusOr<std::vector<PublicKey>>;
    Answer answer = RunBlocking<Answer>(loops_.Next(), [&] { return ring.Published(Origin()); });
    std::vector<std::string> ids;
    for (const PublicKey& key : answer.value_or(std::vector<PublicKey>{})) ids.push_back(key.id);
    return ids;
  }

  // As the command does, in a process of its own.
  absl::StatusOr<KeyPeriod> Rotate(std::string_view masters = "a") {
    KeyRing ring = NewRing(masters);
    return RunBlocking<absl::StatusOr<KeyPeriod>>(loops_.Next(), [&ring] { return ring.Rotate(); });
  }

  absl::Status ReadBy(KeyRing& ring) {
    return RunBlocking<absl::Status>(loops_.Next(), [&] { return ring.Read(); });
  }

  TestKeyStore store_;
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  SeededRandom random_{3};
  EventLoops loops_{1};
};

TEST_F(KeyRingTest, MakesTheFirstKeyAndPublishesIt) {
  KeyRing ring = NewRing();
  EXPECT_THAT(PublishedOf(ring), testing::ElementsAre(SignerOf(ring)));
  EXPECT_NE(SignerOf(ring), "");
}

TEST_F(KeyRingTest, TwoReplicasSignWithTheSameKey) {
  KeyRing one = NewRing(), other = NewRing();
  EXPECT_EQ(SignerOf(one), SignerOf(other));
}

TEST_F(KeyRingTest, IsReadOnceInTenSeconds) {
  KeyRing ring = NewRing();
  SignerOf(ring);
  const int reads = store_.reads;
  clock_.AdvanceMillis(9'999);
  SignerOf(ring);
  PublishedOf(ring);
  EXPECT_EQ(store_.reads, reads);
  clock_.AdvanceMillis(1);
  SignerOf(ring);
  SignerOf(ring);
  EXPECT_EQ(store_.reads, reads + 1);
}

TEST_F(KeyRingTest, TheNextKeyIsPublishedBeforeItSignsAndTheOldOneAfter) {
  KeyRing ring = NewRing();
  const std::string first = SignerOf(ring);
  clock_.AdvanceMillis(kPeriod - kHour);
  EXPECT_THAT(PublishedOf(ring), SizeIs(2));
  EXPECT_EQ(SignerOf(ring), first);
  clock_.AdvanceMillis(kHour);
  const std::string second = SignerOf(ring);
  EXPECT_NE(second, first);
  EXPECT_THAT(PublishedOf(ring), testing::ElementsAre(first, second));
  clock_.AdvanceMillis(16 * kMinute);
  EXPECT_THAT(PublishedOf(ring), testing::ElementsAre(second));
}

TEST_F(KeyRingTest, ARotatedKeyIsPublishedByAllReplicasBeforeAnySignsWithIt) {
  KeyRing one = NewRing(), other = NewRing();
  const std::string first = SignerOf(one);
  ASSERT_EQ(SignerOf(other), first);
  ASSERT_TRUE(Rotate().ok());
  clock_.AdvanceMillis(10'000);
  for (KeyRing* ring : {&one, &other}) {
    EXPECT_THAT(PublishedOf(*ring), SizeIs(2));
    EXPECT_EQ(SignerOf(*ring), first);
  }
  clock_.AdvanceMillis(49'999);
  EXPECT_EQ(SignerOf(one), first);
  clock_.AdvanceMillis(1);
  EXPECT_NE(SignerOf(one), first);
  EXPECT_EQ(SignerOf(one), SignerOf(other));
  clock_.AdvanceMillis(15 * kMinute);
  EXPECT_THAT(PublishedOf(one), SizeIs(2));
  clock_.AdvanceMillis(kMinute);
  EXPECT_THAT(PublishedOf(one), testing::ElementsAre(SignerOf(one)));
}

TEST_F(KeyRingTest, ARotationUnderAnotherMasterKeyMakesNothing) {
  KeyRing ring = NewRing("a");
  const std::string first = SignerOf(ring);
  EXPECT_TRUE(absl::IsFailedPrecondition(Rotate("b").status()));
  clock_.AdvanceMillis(kHour);
  EXPECT_EQ(SignerOf(ring), first);
}

TEST_F(KeyRingTest, KeepsWhatItKnowsWhileTheStoreIsAway) {
  KeyRing ring = NewRing();
  const std::string key = SignerOf(ring);
  store_.away = true;
  clock_.AdvanceMillis(10 * kMinute);
  EXPECT_EQ(SignerOf(ring), key);
  EXPECT_THAT(PublishedOf(ring), SizeIs(1));
}

TEST_F(KeyRingTest, IsUnavailableUntilTheStoreWasReadOnce) {
  KeyRing ring = NewRing();
  store_.away = true;
  EXPECT_EQ(SignerOf(ring), "");
  store_.away = false;
  EXPECT_NE(SignerOf(ring), "");
}

TEST_F(KeyRingTest, RefusesKeysOfAnotherMasterKey) {
  KeyRing ring = NewRing("a");
  ASSERT_TRUE(ReadBy(ring).ok());
  KeyRing stranger = NewRing("b");
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadBy(stranger)));
}

TEST_F(KeyRingTest, WhileAMasterKeyIsReplacedAllReplicasSignAlike) {
  KeyRing before = NewRing("a");
  const std::string first = SignerOf(before);
  KeyRing believes = NewRing("ab"), seals = NewRing("ba");
  EXPECT_EQ(SignerOf(believes), first);
  EXPECT_EQ(SignerOf(seals), first);
  ASSERT_TRUE(Rotate("ba").ok());
  clock_.AdvanceMillis(kMinute);
  EXPECT_NE(SignerOf(seals), first);
  EXPECT_EQ(SignerOf(seals), SignerOf(believes));
}

TEST_F(KeyRingTest, TheFirstMasterKeySealsAndTheOthersDoNot) {
  KeyRing both = NewRing("ba");
  ASSERT_TRUE(ReadBy(both).ok());
  KeyRing first = NewRing("b"), second = NewRing("a");
  EXPECT_TRUE(ReadBy(first).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadBy(second)));
}

TEST_F(KeyRingTest, WhoHasAnotherMasterKeyMakesNoKeyThatTheOthersCannotOpen) {
  KeyRing ring = NewRing("a");
  SignerOf(ring);
  clock_.AdvanceMillis(kPeriod - kHour);
  KeyRing stranger = NewRing("b");
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadBy(stranger)));
  EXPECT_TRUE(ReadBy(ring).ok());
  EXPECT_THAT(PublishedOf(ring), SizeIs(2));
}

TEST_F(KeyRingTest, AKeyMadeAheadUnderTheOldMasterKeyIsNotWaitedFor) {
  KeyRing before = NewRing("a");
  SignerOf(before);
  clock_.AdvanceMillis(kPeriod - kHour);
  ASSERT_THAT(PublishedOf(before), SizeIs(2)) << "the next one is made";
  ASSERT_TRUE(Rotate("ba").ok());
  clock_.AdvanceMillis(17 * kMinute);
  KeyRing after = NewRing("b");
  EXPECT_TRUE(ReadBy(after).ok());
}

TEST_F(KeyRingTest, HasKeysOnceTheyWereRead) {
  KeyRing ring = NewRing();
  store_.away = true;
  EXPECT_FALSE(ReadBy(ring).ok());
  EXPECT_FALSE(ring.HasKeys());
  store_.away = false;
  EXPECT_TRUE(ReadBy(ring).ok());
  EXPECT_TRUE(ring.HasKeys());
}

TEST_F(KeyRingTest, TheOldMasterKeyIsNeededAsLongAsATokenOfItsKeysMayLive) {
  KeyRing before = NewRing("a");
  SignerOf(before);
  ASSERT_TRUE(Rotate("ba").ok());
  // It signs for a minute more, its last token lives for 15, and a minute is for clocks that differ.
  clock_.AdvanceMillis(17 * kMinute - 1);
  KeyRing early = NewRing("b");
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadBy(early)));
  clock_.AdvanceMillis(1);
  KeyRing after = NewRing("b");
  EXPECT_TRUE(ReadBy(after).ok());
  EXPECT_THAT(PublishedOf(after), testing::ElementsAre(SignerOf(after)));
}

}  // namespace
}  // namespace tidemark::auth
