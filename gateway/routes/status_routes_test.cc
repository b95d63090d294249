#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "common/async/test_eventually.h"
#include "common/random/random.h"
#include "gateway/routes/gateway_fixture.h"
#include "gateway/routes/status.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

const HeaderList kWithToken = {{"Authorization", "Bearer operator-token"}};

class StatusRoutesTest : public GatewayTest {
 protected:
  StatusRoutesTest() { AddStatusRoutes(router_, {operators_, vitals_, traffic_, clock_, page_}); }

  http::Response Get(const std::string& path, const std::string& peer = "127.0.0.1",
                     const HeaderList& headers = kWithToken) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.peer = peer;
    request.headers.Append("Host", "127.0.0.1:8080");
    for (const auto& [name, value] : headers) request.headers.Append(name, value);
    return Send(std::move(request));
  }

  boost::json::value Told() { return boost::json::parse(Get("/status.json").body); }

  SeededRandom random_{1};
  const StaticFiles page_ = StatusFiles();
  Operators operators_{"operator-token"};
  vitals::Vitals vitals_{
      loops_, clock_, random_, {.name = "gateway", .credential = rpc::ServiceCredential("s")}};
  Traffic traffic_{clock_};
};

TEST_F(StatusRoutesTest, ThePageAndWhatItNeedsComeFromHereUnderAStrictPolicy) {
  const http::Response page = Get("/status");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h1>Tidemark status</h1>"));
  const std::string policy(page.headers.Get("Content-Security-Policy").value_or(""));
  EXPECT_THAT(policy, HasSubstr("default-src 'self'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  for (const char* file :
       {"style.css", "page.js", "view.js", "dom.js", "figures.js", "plot.js", "words.js"}) {
    EXPECT_EQ(Get(std::string("/status/") + file).status, 200) << file;
  }
  EXPECT_EQ(Get("/status/page.js").headers.Get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Get("/status/other.js").status, 404);
}

TEST_F(StatusRoutesTest, NothingOfItIsForAnybodyElsewhereWithoutTheToken) {
  for (const char* path : {"/status", "/status.json", "/status/page.js", "/status/other.js"}) {
    EXPECT_EQ(Get(path, "198.51.100.1", {}).status, 401) << path;
    EXPECT_NE(Get(path, "198.51.100.1", kWithToken).status, 401) << path;
  }
  EXPECT_THAT(Get("/status.json", "198.51.100.1", {}).body, Not(HasSubstr("processes")));
}

TEST_F(StatusRoutesTest, TellsEachDependencyAndSinceWhen) {
  vitals_.Watch("redis", [] { return true; });
  vitals_.Watch("postgres", [] { return false; });
  const auto state = [this](size_t index) {
    return Told().at("processes").at(0).at("dependencies").at(index).at("state").as_string();
  };
  EXPECT_TRUE(Eventually([&] { return state(0) != "unknown" && state(1) != "unknown"; }));
  EXPECT_EQ(state(0), "answers");
  EXPECT_EQ(state(1), "away");
  EXPECT_EQ(Told().at("processes").at(0).at("dependencies").at(1).at("since"), clock_.Now().value);
}

TEST_F(StatusRoutesTest, WhatIsNotKnownIsNull) {
  EXPECT_TRUE(Told().at("quota").is_null());
  EXPECT_TRUE(Told().at("minutes").at(0).at("p99_us").is_null());
  EXPECT_TRUE(Told().at("cache_tiers").as_array().empty());
}

TEST_F(StatusRoutesTest, TellsTheQuotaAndTheCachesTiers) {
  vitals_.Tell([](v1::GetStatusResponse& status) {
    status.mutable_quota()->set_state("read_paused");
    v1::CacheTierStatus& tier = *status.add_cache_tiers();
    tier.set_name("redis");
    tier.set_reads(5);
    tier.set_hits(4);
  });
  EXPECT_EQ(Told().at("quota").at("state"), "read_paused");
  EXPECT_EQ(Told().at("cache_tiers").at(0).at("hits"), 4);
}

TEST_F(StatusRoutesTest, RequestsThatTheDispatcherAnswersAreCountedAndThePagesOwnAreNot) {
  dispatcher_.emplace(router_, registry_,
                      DispatcherOptions{.on_answered = [this](std::string_view route, int status, auto took) {
                        traffic_.Note(route, status, took);
                      }});
  Get("/status");
  Send("GET", "/nothing/here");
  Send("POST", "/sync", "{}");
  const boost::json::value minute = Told().at("minutes").at(0);
  EXPECT_EQ(minute.at("at"), clock_.Now().value);
  EXPECT_EQ(minute.at("refused"), 2) << "no such path, no token";
  EXPECT_EQ(minute.at("ok"), 0);
  EXPECT_FALSE(minute.at("p50_us").is_null());
}

TEST_F(StatusRoutesTest, IsNeverKeptByACache) {
  EXPECT_EQ(Get("/status.json").headers.Get("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace tidemark::gateway
