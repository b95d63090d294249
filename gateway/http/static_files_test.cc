#include "gateway/http/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tidemark::gateway {
namespace {

namespace fs = std::filesystem;

// A folder that is gone with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "tidemark-web-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }

  void Write(const std::string& name, const std::string& content) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

TEST(StaticFiles, ServesTheFolderByUrlPath) {
  const Folder folder;
  folder.Write("index.html", "<p>");
  folder.Write("assets/app-1a2b.js", "js");
  folder.Write("icons/a.svg", "svg");
  const absl::StatusOr<StaticFiles> files = StaticFiles::Load(folder.path());
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  ASSERT_EQ(files->all().size(), 4u);
  EXPECT_EQ(files->all().at("/").body, "<p>");
  EXPECT_EQ(files->all().at("/index.html").body, "<p>");
  EXPECT_EQ(files->all().at("/assets/app-1a2b.js").body, "js");
  EXPECT_EQ(files->all().at("/icons/a.svg").content_type, "image/svg+xml");
}

TEST(StaticFiles, OnlyNamesThatHoldAHashAreImmutable) {
  const Folder folder;
  folder.Write("index.html", "");
  folder.Write("sw.js", "");
  folder.Write("assets/app-1a2b.css", "");
  const absl::StatusOr<StaticFiles> files = StaticFiles::Load(folder.path());
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->all().at("/").cache_control, "no-cache");
  EXPECT_EQ(files->all().at("/sw.js").cache_control, "no-cache");
  EXPECT_EQ(files->all().at("/assets/app-1a2b.css").cache_control, "public, max-age=31536000, immutable");
}

TEST(StaticFiles, AnEtagFollowsTheContent) {
  const Folder folder;
  folder.Write("index.html", "one");
  folder.Write("same.txt", "one");
  folder.Write("other.txt", "two");
  const absl::StatusOr<StaticFiles> files = StaticFiles::Load(folder.path());
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->all().at("/").etag, files->all().at("/same.txt").etag);
  EXPECT_NE(files->all().at("/").etag, files->all().at("/other.txt").etag);
  EXPECT_TRUE(files->all().at("/").etag.starts_with('"'));
}

TEST(StaticFiles, HiddenFilesStayHidden) {
  const Folder folder;
  folder.Write("index.html", "");
  folder.Write(".env", "secret");
  folder.Write(".vite/manifest.json", "{}");
  const absl::StatusOr<StaticFiles> files = StaticFiles::Load(folder.path());
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->all().size(), 2u);
}

TEST(StaticFiles, AFolderThatHoldsNoPageIsRefused) {
  const Folder folder;
  EXPECT_EQ(StaticFiles::Load(folder.path()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(StaticFiles::Load(folder.path() + "/absent").status().code(), absl::StatusCode::kNotFound);
}

TEST(StaticFiles, MoreThanThereIsRoomForIsRefused) {
  const Folder folder;
  folder.Write("index.html", "");
  folder.Write("film.bin", "");
  fs::resize_file(folder.path() + "/film.bin", kStaticBytesMax + 1);
  EXPECT_EQ(StaticFiles::Load(folder.path()).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace tidemark::gateway
