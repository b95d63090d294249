#include "services/auth/domain/crypto.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

SecretKey KeyOf(char digit) { return *ParseSecretKey(std::string(64, digit)); }

TEST(SecretKey, IsSixtyFourHexadecimalDigits) {
  EXPECT_TRUE(ParseSecretKey(std::string(64, 'A')).has_value());
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(63, 'a') + "g"}) {
    EXPECT_FALSE(ParseSecretKey(text).has_value()) << text;
  }
}

TEST(SecretKey, ThereMayBeSeveralPartedByCommas) {
  const std::string a(64, 'a'), b(64, 'b');
  EXPECT_EQ(ParseSecretKeys(a).value().size(), 1u);
  const SecretKeys both = ParseSecretKeys(b + "," + a).value();
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].bytes, KeyOf('b').bytes);
  EXPECT_EQ(both[1].bytes, KeyOf('a').bytes);
  for (const std::string& text : {std::string(), a + ",", "," + a, a + ", " + b, a + b}) {
    EXPECT_FALSE(ParseSecretKeys(text).has_value()) << text;
  }
}

TEST(DerivedKeys, DifferByPurposeAndByMaster) {
  SecretKey sealing = DeriveKey(KeyOf('a'), KeyPurpose::kSealSigningKeys);
  EXPECT_EQ(sealing.bytes, DeriveKey(KeyOf('a'), KeyPurpose::kSealSigningKeys).bytes);
  EXPECT_NE(sealing.bytes, DeriveKey(KeyOf('a'), KeyPurpose::kDeriveRefreshSuccessors).bytes);
  EXPECT_NE(sealing.bytes, DeriveKey(KeyOf('b'), KeyPurpose::kSealSigningKeys).bytes);
}

TEST(DerivedKeys, OfSeveralMastersAreInTheirOrder) {
  const SecretKeys derived = DeriveKeys({KeyOf('b'), KeyOf('a')}, KeyPurpose::kSealSigningKeys);
  ASSERT_EQ(derived.size(), 2u);
  EXPECT_EQ(derived[0].bytes, DeriveKey(KeyOf('b'), KeyPurpose::kSealSigningKeys).bytes);
  EXPECT_EQ(derived[1].bytes, DeriveKey(KeyOf('a'), KeyPurpose::kSealSigningKeys).bytes);
}

TEST(Seal, OpensUnderItsOwnKeyAlone) {
  std::string sealed = Seal(KeyOf('a'), "the seed of a key", std::string(kSealNonceBytes, 'n'));
  EXPECT_EQ(Unseal(KeyOf('a'), sealed), "the seed of a key");
  EXPECT_EQ(Unseal(KeyOf('b'), sealed), std::nullopt);
}

TEST(Seal, NoticesEveryChange) {
  std::string sealed = Seal(KeyOf('a'), "the seed of a key", std::string(kSealNonceBytes, 'n'));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] ^= 1;
    EXPECT_EQ(Unseal(KeyOf('a'), changed), std::nullopt) << "byte " << i;
    EXPECT_EQ(Unseal(KeyOf('a'), sealed.substr(0, i)), std::nullopt) << "cut at " << i;
  }
}

TEST(KeyedHash, DependsOnKeyAndText) {
  EXPECT_EQ(KeyedHash(KeyOf('a'), "x"), KeyedHash(KeyOf('a'), "x"));
  EXPECT_NE(KeyedHash(KeyOf('a'), "x"), KeyedHash(KeyOf('b'), "x"));
  EXPECT_NE(KeyedHash(KeyOf('a'), "x"), KeyedHash(KeyOf('a'), "y"));
  EXPECT_NE(KeyedHash(KeyOf('a'), "x"), Hash("x"));
}

TEST(EqualSecrets, ComparesLengthAndContent) {
  EXPECT_TRUE(EqualSecrets("", ""));
  EXPECT_TRUE(EqualSecrets("secret", "secret"));
  EXPECT_FALSE(EqualSecrets("secret", "secreT"));
  EXPECT_FALSE(EqualSecrets("secret", "secret1"));
}

}  // namespace
}  // namespace tidemark::auth
