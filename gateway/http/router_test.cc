#include "gateway/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::gateway {
namespace {

using testing::ElementsAre;

Task<absl::StatusOr<http::Response>> Nothing(Exchange&) { co_return http::Response(); }

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/", Nothing, "web");
    router_.Add("GET", "/assets/app.js", Nothing, "web");
    router_.Add("POST", "/sync", Nothing);
    router_.Add("GET", "/sync/check", Nothing);
    router_.Add("GET", "/tasks/{id}/history", Nothing);
    router_.Add("GET", "/auth/sessions", Nothing);
    router_.Add("DELETE", "/auth/sessions/{id}", Nothing);
    router_.Add("GET", "/auth/sessions/{id}", Nothing);
    router_.Add("POST", "/auth/sessions/all", Nothing);
  }

  std::string LabelAt(std::string_view method, std::string_view path) const {
    const Router::Match match = router_.Find(method, path);
    return match.route == nullptr ? "none" : match.route->label;
  }

  Router router_;
};

TEST_F(RouterTest, FindsPathsAsTheyAreWritten) {
  EXPECT_EQ(LabelAt("POST", "/sync"), "/sync");
  EXPECT_EQ(LabelAt("GET", "/sync/check"), "/sync/check");
  EXPECT_EQ(LabelAt("GET", "/"), "web");
  EXPECT_EQ(LabelAt("GET", "/assets/app.js"), "web");
}

TEST_F(RouterTest, OtherPathsAreNotFoundAndAllowNothing) {
  for (const char* path : {"", "//", "/sync/", "/Sync", "/sync/check/x", "/assets", "/assets/../sync", "sync",
                           "/tasks//history", "/tasks/history", "/tasks/a/b/history", "/auth/sessions/"}) {
    const Router::Match match = router_.Find("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allow, "") << path;
  }
}

TEST_F(RouterTest, NamesInAPatternTakeOneSegmentEach) {
  const Router::Match match = router_.Find("GET", "/tasks/a.b:c/history");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->label, "/tasks/{id}/history");
  EXPECT_EQ(match.path_values.at("id"), "a.b:c");
}

TEST_F(RouterTest, APathWithoutNamesIsPreferred) {
  EXPECT_EQ(LabelAt("POST", "/auth/sessions/all"), "/auth/sessions/all");
  EXPECT_EQ(LabelAt("DELETE", "/auth/sessions/x"), "/auth/sessions/{id}");
}

TEST_F(RouterTest, AnotherMethodLearnsWhichAreAllowed) {
  EXPECT_EQ(router_.Find("DELETE", "/sync/check").allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(router_.Find("GET", "/sync").allow, "POST, OPTIONS");
  EXPECT_EQ(router_.Find("OPTIONS", "/auth/sessions/x").allow, "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(router_.Find("get", "/sync/check").route, nullptr) << "methods are case-sensitive";
}

TEST_F(RouterTest, HeadIsAnsweredByGet) {
  EXPECT_EQ(LabelAt("HEAD", "/sync/check"), "/sync/check");
  EXPECT_EQ(LabelAt("HEAD", "/sync"), "none");
}

TEST_F(RouterTest, EveryLabelIsListedOnce) {
  EXPECT_THAT(router_.Labels(), ElementsAre("/auth/sessions", "/auth/sessions/all", "/auth/sessions/{id}",
                                            "/sync", "/sync/check", "/tasks/{id}/history", "web"));
}

}  // namespace
}  // namespace tidemark::gateway
