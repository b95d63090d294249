#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "gateway/routes/contract.h"
#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ContractRoutesTest : public GatewayTest {
 protected:
  ContractRoutesTest() { AddContractRoutes(router_, files_); }

  const StaticFiles files_ = ContractFiles();
};

TEST_F(ContractRoutesTest, TheContractIsOpenApiInJson) {
  const http::Response response = Send("GET", "/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "Content-Type"), "application/json");
  const boost::json::value contract = boost::json::parse(response.body);
  EXPECT_EQ(contract.at("openapi").as_string(), "3.1.0");
  EXPECT_TRUE(contract.at("paths").as_object().contains("/sync"));
}

TEST_F(ContractRoutesTest, ItsPageLoadsNothingButItsOwnStyle) {
  const http::Response page = Send("GET", "/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(Header(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(Header(page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_THAT(page.body, AllOf(HasSubstr("href=\"/docs/style.css\""), Not(HasSubstr("<script")),
                               Not(HasSubstr("style=")), Not(HasSubstr("src="))));
  EXPECT_EQ(Header(Send("GET", "/docs/style.css"), "Content-Type"), "text/css; charset=utf-8");
}

TEST_F(ContractRoutesTest, WhoHasItIsNotSentItAgain) {
  for (const char* path : {"/openapi.json", "/docs", "/docs/style.css"}) {
    const http::Response first = Send("GET", path);
    EXPECT_EQ(Header(first, "Cache-Control"), "no-cache") << path;
    const http::Response again = Send("GET", path, "", {{"If-None-Match", Header(first, "ETag")}});
    EXPECT_EQ(again.status, 304) << path;
    EXPECT_EQ(again.body, "") << path;
  }
}

}  // namespace
}  // namespace tidemark::gateway
