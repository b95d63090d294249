#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

namespace fs = std::filesystem;

class WebRoutesTest : public GatewayTest {
 protected:
  WebRoutesTest() {
    std::string name = (fs::temp_directory_path() / "tidemark-web-XXXXXX").string();
    dir_ = mkdtemp(name.data());
    fs::create_directory(dir_ / "assets");
    std::ofstream(dir_ / "index.html") << "<p>page</p>";
    std::ofstream(dir_ / "assets" / "app-1a2b.js") << "run()";
    files_ = *StaticFiles::Load(dir_.string());
    AddWebRoutes(router_, files_);
  }
  ~WebRoutesTest() override { fs::remove_all(dir_); }

  fs::path dir_;
  StaticFiles files_;
};

TEST_F(WebRoutesTest, ThePageIsAlwaysAskedForAgain) {
  const http::Response response = Send("GET", "/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "<p>page</p>");
  EXPECT_EQ(Header(response, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(Header(response, "Cache-Control"), "no-cache");
}

TEST_F(WebRoutesTest, AHashedFileIsKeptForever) {
  const http::Response response = Send("GET", "/assets/app-1a2b.js");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Header(response, "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST_F(WebRoutesTest, BrowsersAreToldToLoadFromNowhereElse) {
  const http::Response response = Send("GET", "/");
  EXPECT_EQ(Header(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(Header(response, "Content-Security-Policy").rfind("default-src 'self';", 0), 0u);
}

TEST_F(WebRoutesTest, AFileThatTheClientHasIs304) {
  const std::string etag = Header(Send("GET", "/"), "ETag");
  for (const std::string& known : {etag, "W/" + etag, "\"x\", " + etag}) {
    const http::Response response = Send("GET", "/", "", {{"If-None-Match", known}});
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_EQ(response.body, "");
  }
  EXPECT_EQ(Send("GET", "/", "", {{"If-None-Match", "\"x\""}}).status, 200);
}

TEST_F(WebRoutesTest, NoPathLeavesTheFolder) {
  std::ofstream(dir_.parent_path() / "tidemark-secret.txt") << "secret";
  for (const char* path : {"/../tidemark-secret.txt", "/assets/../../tidemark-secret.txt", "//etc/passwd",
                           "/assets/..", "/assets", "/assets/", "/./index.html"}) {
    EXPECT_EQ(Send("GET", path).status, 404) << path;
  }
  fs::remove(dir_.parent_path() / "tidemark-secret.txt");
}

TEST_F(WebRoutesTest, FilesAreOnlyRead) {
  const http::Response response = Send("POST", "/", "{}");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(Header(response, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Send("POST", "/nowhere").status, 404);
}

}  // namespace
}  // namespace tidemark::gateway
