#include "common/tls/memory_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "common/tls/test_authority.h"

namespace tidemark::tls {
namespace {

time_t ModifiedAt(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mtim.tv_sec : -1;
}

TEST(MemoryFile, ItsPathLeadsToWhatWasPutThereLast) {
  MemoryFile file = *MemoryFile::Make();
  const std::string path = file.path();
  EXPECT_EQ(ContentOf(path), "");
  ASSERT_TRUE(file.Replace("a longer text").ok());
  EXPECT_EQ(ContentOf(path), "a longer text");
  ASSERT_TRUE(file.Replace("short").ok());
  EXPECT_EQ(ContentOf(path), "short");
}

TEST(MemoryFile, WhoHasBegunToReadGoesOnWithTheOldContent) {
  MemoryFile file = *MemoryFile::Make();
  ASSERT_TRUE(file.Replace("old").ok());
  std::ifstream reading(file.path());
  ASSERT_TRUE(file.Replace("new").ok());
  std::stringstream read;
  read << reading.rdbuf();
  EXPECT_EQ(read.str(), "old");
}

TEST(MemoryFile, EachContentHasATimeOfItsOwn) {
  MemoryFile file = *MemoryFile::Make();
  ASSERT_TRUE(file.Replace("one").ok());
  const time_t first = ModifiedAt(file.path());
  ASSERT_TRUE(file.Replace("two").ok());
  EXPECT_GT(first, 0);
  EXPECT_NE(ModifiedAt(file.path()), first);
}

TEST(MemoryFile, MovingItKeepsThePath) {
  MemoryFile file = *MemoryFile::Make();
  ASSERT_TRUE(file.Replace("moved").ok());
  const std::string path = file.path();
  const MemoryFile other = std::move(file);
  EXPECT_EQ(ContentOf(path), "moved");
  EXPECT_EQ(other.path(), path);
}

}  // namespace
}  // namespace tidemark::tls
