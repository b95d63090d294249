#include "services/auth/domain/email.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::auth {
namespace {

TEST(Email, IsComparedWithoutRegardToCaseAndKeptAsGiven) {
  absl::StatusOr<Email> email = ParseEmail("Ada.Lovelace@Example.ORG");
  ASSERT_TRUE(email.ok());
  EXPECT_EQ(email->address, "Ada.Lovelace@Example.ORG");
  EXPECT_EQ(email->key, "ada.lovelace@example.org");
}

TEST(Email, AcceptsWhatCouldBeDelivered) {
  for (const char* address : {"a@b", "ada@example.org", "ada+tasks@mail.example.org",
                              "j\xc3\xb6rg@m\xc3\xbcnchen.de", "o'neil/x=y@example.org"}) {
    EXPECT_TRUE(ParseEmail(address).ok()) << address;
  }
}

TEST(Email, RefusesWhatNoMailSystemCouldDeliver) {
  for (const char* address :
       {"", "@", "a@", "@b", "ada", "ada@@example.org", "ada@home@example.org", " ada@example.org",
        "ada@example.org ", "ada @example.org", "ada\t@example.org", "ada\n@example.org",
        "ada\x7f@example.org", "ada@.org", "ada@example.", "ada@example..org"}) {
    absl::StatusOr<Email> email = ParseEmail(address);
    ASSERT_FALSE(email.ok()) << address;
    EXPECT_EQ(ErrorInfoOf(email.status()).code, Code::kInvalidEmail) << address;
    EXPECT_EQ(ErrorInfoOf(email.status()).details.pointer, "/email") << address;
  }
}

TEST(Email, RefusesANulByte) { EXPECT_FALSE(ParseEmail(std::string("a\0b@example.org", 15)).ok()); }

TEST(Email, HasAtMost254Bytes) {
  std::string domain = "@example.org";
  EXPECT_TRUE(ParseEmail(std::string(254 - domain.size(), 'a') + domain).ok());
  EXPECT_FALSE(ParseEmail(std::string(255 - domain.size(), 'a') + domain).ok());
}

}  // namespace
}  // namespace tidemark::auth
