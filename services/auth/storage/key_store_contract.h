// What every KeyStore holds; used like account_store_contract.h, with a member `KeyStore& keys()`.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/async/event_loops.h"
#include "services/auth/storage/key_store.h"

namespace tidemark::auth {

template <typename Fixture>
class KeyStoreContract : public testing::Test {
 protected:
  static StoredKey KeyNumber(int64_t number, const std::string& sealed_seed = std::string("\0\xff\\x'", 5)) {
    return {.period = {.number = number, .signs_from = {number * 1000}, .signs_until = {number * 1000 + 999}},
            .sealed_seed = sealed_seed};
  }

  absl::Status Add(const StoredKey& key) {
    return RunBlocking<absl::Status>(loops_.Next(), [&] { return fixture_.keys().AddKey(key); });
  }

  std::vector<StoredKey> Load() {
    using Keys = absl::StatusOr<std::vector<StoredKey>>;
    Keys keys = RunBlocking<Keys>(loops_.Next(), [&] { return fixture_.keys().LoadKeys(); });
    EXPECT_TRUE(keys.ok()) << keys.status();
    return keys.value_or(std::vector<StoredKey>{});
  }

  Fixture fixture_;
  EventLoops loops_{1};
};

TYPED_TEST_SUITE_P(KeyStoreContract);

TYPED_TEST_P(KeyStoreContract, IsEmptyAtFirst) { EXPECT_TRUE(this->Load().empty()); }

TYPED_TEST_P(KeyStoreContract, ReturnsKeysByNumberAsTheyWereAdded) {
  ASSERT_TRUE(this->Add(this->KeyNumber(2, "second")).ok());
  ASSERT_TRUE(this->Add(this->KeyNumber(1)).ok());
  std::vector<StoredKey> keys = this->Load();
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].period.number, 1);
  EXPECT_EQ(keys[0].sealed_seed, this->KeyNumber(1).sealed_seed);
  EXPECT_EQ(keys[1].sealed_seed, "second");
  EXPECT_EQ(keys[1].period.signs_from, UnixMillis{2000});
  EXPECT_EQ(keys[1].period.signs_until, UnixMillis{2999});
}

TYPED_TEST_P(KeyStoreContract, TheFirstToAddANumberWins) {
  ASSERT_TRUE(this->Add(this->KeyNumber(1, "winner")).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(this->Add(this->KeyNumber(1, "loser"))));
  EXPECT_EQ(this->Load().at(0).sealed_seed, "winner");
}

REGISTER_TYPED_TEST_SUITE_P(KeyStoreContract, IsEmptyAtFirst, ReturnsKeysByNumberAsTheyWereAdded,
                            TheFirstToAddANumberWins);

}  // namespace tidemark::auth
