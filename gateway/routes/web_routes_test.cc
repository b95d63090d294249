#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/gzip/gunzip.h"
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
    std::ofstream(dir_ / "large.js") << kLarge;
    std::ofstream(dir_ / "sw.js") << "precache()";
    std::ofstream(dir_ / "manifest.webmanifest") << "{}";
    files_ = *StaticFiles::Load(dir_.string());
    AddWebRoutes(router_, files_);
  }
  ~WebRoutesTest() override { fs::remove_all(dir_); }

  const std::string kLarge = std::string(5000, 'j');
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

// A browser that kept an old service worker would never learn of a new page.
TEST_F(WebRoutesTest, TheServiceWorkerIsAlwaysAskedForAgain) {
  const http::Response response = Send("GET", "/sw.js");
  EXPECT_EQ(Header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(Header(response, "Content-Type"), "text/javascript; charset=utf-8");
}

TEST_F(WebRoutesTest, ABrowserThatInstallsThePageKnowsTheManifestByItsType) {
  EXPECT_EQ(Header(Send("GET", "/manifest.webmanifest"), "Content-Type"), "application/manifest+json");
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
  EXPECT_EQ(
      Header(response, "Content-Security-Policy"),
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
      "frame-ancestors 'none'");
  EXPECT_EQ(Header(response, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(Header(response, "Cross-Origin-Opener-Policy"), "same-origin");
}

TEST_F(WebRoutesTest, ALargeFileIsSentAsGzipWithAnEtagOfItsOwn) {
  const http::Response plain = Send("GET", "/large.js");
  const http::Response small = Send("GET", "/large.js", "", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(plain.body, kLarge);
  EXPECT_EQ(Header(plain, "Content-Encoding"), "<none>");
  EXPECT_EQ(Gunzip(small.body), kLarge);
  EXPECT_EQ(Header(small, "Content-Encoding"), "gzip");
  EXPECT_EQ(Header(plain, "Vary"), "Accept-Encoding");
  EXPECT_EQ(Header(small, "Vary"), "Accept-Encoding");
  EXPECT_NE(Header(small, "ETag"), Header(plain, "ETag"));
}

TEST_F(WebRoutesTest, WhoHasTheGzipIsNotSentItAgain) {
  const HeaderList gzip = {{"Accept-Encoding", "gzip"}};
  const std::string etag = Header(Send("GET", "/large.js", "", gzip), "ETag");
  const http::Response again =
      Send("GET", "/large.js", "", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(Header(again, "ETag"), etag);
  EXPECT_EQ(Header(again, "Vary"), "Accept-Encoding");
  EXPECT_EQ(Send("GET", "/large.js", "", {{"If-None-Match", etag}}).status, 200)
      << "the plain form is another";
}

TEST_F(WebRoutesTest, AFileThatTheClientHasIs304) {
  const std::string etag = Header(Send("GET", "/"), "ETag");
  for (const std::string& known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
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
