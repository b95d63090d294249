#include "common/tls/checked_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

#include "common/tls/test_authority.h"

namespace tidemark::tls {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CheckedFilesTest : public testing::Test {
 protected:
  CheckedFilesTest() { authority_.Sign("own"); }

  Files files() const { return {authority_.certificate("own"), authority_.key("own"), authority_.file()}; }
  std::string certificate() const { return ContentOf(authority_.certificate("own")); }

  TestAuthority authority_;
};

TEST_F(CheckedFilesTest, CertificateAndKeyAreReadFromOneCopy) {
  const auto checked = *CheckedFiles::Load(files());
  EXPECT_THAT(ContentOf(checked->identity_path()), HasSubstr(certificate()));
  EXPECT_THAT(ContentOf(checked->identity_path()), HasSubstr(ContentOf(authority_.key("own"))));
  EXPECT_EQ(ContentOf(checked->authorities_path()), ContentOf(authority_.file()));
}

TEST_F(CheckedFilesTest, WhatIsNotNamedHasNoCopy) {
  EXPECT_EQ((*CheckedFiles::Load({.authorities = authority_.file()}))->identity_path(), "");
  EXPECT_EQ((*CheckedFiles::Load({files().certificate, files().key, ""}))->authorities_path(), "");
}

TEST_F(CheckedFilesTest, WhatIsNotSoundIsNotLoaded) {
  const TestAuthority other;
  other.Sign("own");
  for (const Files& bad :
       {Files{files().certificate, "", ""}, Files{"", files().key, ""},
        Files{files().certificate, other.key("own"), ""}, Files{"/absent", files().key, ""},
        Files{files().certificate, files().key, "/absent"}, Files{"", "", files().key}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckedFiles::Load(bad).status()));
  }
}

TEST_F(CheckedFilesTest, AnErrorNamesTheFilesThatItIsAbout) {
  const TestAuthority other;
  other.Sign("own");
  const std::string certificate = files().certificate, key = files().key, stranger = other.key("own");
  const auto message = [](const Files& bad) {
    return std::string(CheckedFiles::Load(bad).status().message());
  };
  EXPECT_THAT(message({certificate, "", ""}), HasSubstr(certificate));
  EXPECT_THAT(message({"", key, ""}), HasSubstr(key));
  EXPECT_THAT(message({certificate, stranger, ""}), AllOf(HasSubstr(certificate), HasSubstr(stranger)));
  EXPECT_THAT(message({certificate, key, "/absent"}), HasSubstr("/absent"));
}

TEST_F(CheckedFilesTest, ARenewedPairTakesThePlaceOfTheOldOne) {
  const auto checked = *CheckedFiles::Load(files());
  const std::string path = checked->identity_path();
  authority_.Sign("own");
  EXPECT_THAT(ContentOf(path), testing::Not(HasSubstr(certificate())));
  checked->Refresh();
  EXPECT_THAT(ContentOf(path), HasSubstr(certificate()));
  EXPECT_EQ(checked->identity_path(), path);
}

TEST_F(CheckedFilesTest, WhileAnyFileIsNotSoundAllStaysAsItWas) {
  const auto checked = *CheckedFiles::Load(files());
  const std::string before = ContentOf(checked->identity_path());
  const std::string key = ContentOf(authority_.key("own"));
  authority_.Sign("own");
  const std::string new_key = ContentOf(authority_.key("own"));

  PutFile(files().key, key);
  checked->Refresh();
  EXPECT_EQ(ContentOf(checked->identity_path()), before) << "the new certificate with the old key";

  PutFile(files().key, new_key);
  PutFile(files().authorities, "half");
  checked->Refresh();
  EXPECT_EQ(ContentOf(checked->identity_path()), before) << "a good pair beside a broken authority";

  std::filesystem::remove(files().certificate);
  checked->Refresh();
  EXPECT_EQ(ContentOf(checked->identity_path()), before) << "no file at all";
}

// As a file whose owner is set only after it was put in place: its stamp is the same before and after.
TEST_F(CheckedFilesTest, WhatCouldNotBeReadForAMomentIsTakenThoughItHasNotChangedSince) {
  const auto checked = *CheckedFiles::Load(files());
  const std::string path = checked->identity_path();
  authority_.Sign("own");
  rlimit descriptors;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  const rlimit none = {.rlim_cur = 0, .rlim_max = descriptors.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  checked->Refresh();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
  EXPECT_THAT(ContentOf(path), testing::Not(HasSubstr(certificate())));
  checked->Refresh();
  EXPECT_THAT(ContentOf(path), HasSubstr(certificate()));
}

TEST_F(CheckedFilesTest, WhatWasNotSoundIsTakenOnceItIs) {
  const auto checked = *CheckedFiles::Load(files());
  const std::string good = certificate();
  PutFile(files().certificate, "broken");
  checked->Refresh();
  authority_.Sign("own");
  checked->Refresh();
  EXPECT_THAT(ContentOf(checked->identity_path()), HasSubstr(certificate()));
  EXPECT_NE(certificate(), good);
}

}  // namespace
}  // namespace tidemark::tls
