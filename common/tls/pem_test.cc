#include "common/tls/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/tls/test_authority.h"

namespace tidemark::tls {
namespace {

using testing::HasSubstr;

class PemTest : public testing::Test {
 protected:
  PemTest() { authority_.Sign("one"), authority_.Sign("two"); }

  std::string Chain(const std::string& name) const { return ContentOf(authority_.certificate(name)); }
  std::string Key(const std::string& name) const { return ContentOf(authority_.key(name)); }

  const TestAuthority authority_;
};

TEST_F(PemTest, ACertificateWithItsChainAndItsKeyAreAPair) {
  EXPECT_TRUE(CheckPair(Chain("one"), Key("one")).ok());
  EXPECT_TRUE(CheckPair(Chain("one") + ContentOf(authority_.file()), Key("one")).ok());
}

TEST_F(PemTest, AnothersKeyIsNone) {
  EXPECT_THAT(CheckPair(Chain("one"), Key("two")).message(), HasSubstr("not this certificate's"));
  // The first of the chain is whose key it must be.
  EXPECT_FALSE(CheckPair(Chain("two") + Chain("one"), Key("one")).ok());
}

TEST_F(PemTest, WhatIsHalfWrittenIsNone) {
  const std::string half = Chain("one").substr(0, Chain("one").size() / 2);
  EXPECT_FALSE(CheckPair(half, Key("one")).ok());
  EXPECT_THAT(CheckPair(Chain("one") + half, Key("one")).message(), HasSubstr("damaged"));
  EXPECT_FALSE(CheckPair(Chain("one"), Key("one").substr(0, Key("one").size() / 2)).ok());
  EXPECT_FALSE(CheckPair("", Key("one")).ok());
  EXPECT_FALSE(CheckPair(Chain("one"), "").ok());
}

TEST_F(PemTest, AKeyWithAPasswordIsNoneAndNobodyIsAskedForIt) {
  const std::string closed = authority_.key("closed");
  const std::string command =
      absl::StrCat("openssl pkcs8 -topk8 -passout pass:secret -in ", authority_.key("one"), " -out ", closed);
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(CheckPair(Chain("one"), ContentOf(closed)).message(), HasSubstr("without a password"));
}

TEST_F(PemTest, AuthoritiesMayBeSeveral) {
  const TestAuthority other;
  EXPECT_TRUE(CheckAuthorities(ContentOf(authority_.file()) + "\n" + ContentOf(other.file())).ok());
  EXPECT_FALSE(CheckAuthorities("").ok());
  EXPECT_FALSE(CheckAuthorities("no certificate").ok());
  EXPECT_FALSE(CheckAuthorities(Key("one")).ok());
}

TEST_F(PemTest, AFileThatIsAbsentOrEmptyIsNamed) {
  EXPECT_EQ(*ReadFile(authority_.file()), ContentOf(authority_.file()));
  EXPECT_THAT(ReadFile("/absent").status().message(), HasSubstr("/absent"));
  PutFile(authority_.file(), "");
  EXPECT_THAT(ReadFile(authority_.file()).status().message(), HasSubstr(authority_.file()));
}

}  // namespace
}  // namespace tidemark::tls
