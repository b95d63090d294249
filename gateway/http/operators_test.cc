#include "gateway/http/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/async/event_loops.h"
#include "common/net/client_address.h"
#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

constexpr char kToken[] = "a-long-and-random-token";

// As the dispatcher makes it of a request.
Exchange From(const std::string& peer, const HeaderList& headers = {}, std::string_view trusted = "",
              const std::string& host = "127.0.0.1:8080") {
  Exchange exchange;
  exchange.request.peer = peer;
  if (!host.empty()) exchange.request.headers.Append("Host", host);
  for (const auto& [name, value] : headers) exchange.request.headers.Append(name, value);
  exchange.call.forwarded_for =
      ClientAddress(peer, exchange.request.headers.GetJoined("X-Forwarded-For"), *ParseProxies(trusted));
  return exchange;
}

TEST(Operators, ThisMachineItselfMay) {
  EXPECT_TRUE(IsFromHere(From("127.0.0.1")));
  EXPECT_TRUE(IsFromHere(From("127.8.9.10")));
  EXPECT_TRUE(IsFromHere(From("::1", {}, "", "[::1]:8080")));
  EXPECT_TRUE(IsFromHere(From("::ffff:127.0.0.1", {}, "", "LocalHost")));
}

TEST(Operators, AnotherMachineMayNotWhateverItSays) {
  EXPECT_FALSE(IsFromHere(From("192.0.2.7")));
  EXPECT_FALSE(IsFromHere(From("10.0.0.1")));
  EXPECT_FALSE(IsFromHere(From("2001:db8::1")));
  EXPECT_FALSE(IsFromHere(From("192.0.2.7", {{"X-Forwarded-For", "127.0.0.1"}})));
  EXPECT_FALSE(IsFromHere(From("192.0.2.7", {{"X-Forwarded-For", "127.0.0.1"}}, "192.0.2.7")))
      << "not even a trusted proxy";
  EXPECT_FALSE(IsFromHere(From("")));
}

TEST(Operators, BehindATrustedProxyOfThisMachineItsClientDecides) {
  EXPECT_TRUE(IsFromHere(From("127.0.0.1", {{"X-Forwarded-For", "127.0.0.1"}}, "127.0.0.1")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}}, "127.0.0.1")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1, 127.0.0.1"}}, "127.0.0.1")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"X-Forwarded-For", "127.0.0.1, 198.51.100.1"}}, "127.0.0.1")))
      << "what a client made up before the proxy";
}

TEST(Operators, AProxyOfThisMachineThatNobodyNamedLetsNobodyIn) {
  for (const auto& [name, value] : HeaderList{{"X-Forwarded-For", "198.51.100.1"},
                                              {"X-Forwarded-For", "unknown"},
                                              {"X-Forwarded-For", ""},
                                              {"X-Real-IP", "198.51.100.1"},
                                              {"Forwarded", "for=198.51.100.1"},
                                              {"Via", "1.1 proxy"}}) {
    EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{name, value}}))) << name << ": " << value;
  }
}

TEST(Operators, APageElsewhereWhoseNamePointsHereMayNot) {
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {}, "", "evil.example:8080")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {}, "", "127.0.0.1.evil.example")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {}, "", "localhost.evil.example")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {}, "", "[::1].evil.example]")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {}, "", "")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"Origin", "https://app.example"}})));
}

TEST(Operators, AScriptOfOurOwnPageMayThoughItsBrowserNamesAnOrigin) {
  EXPECT_TRUE(IsFromHere(From("127.0.0.1", {{"Origin", "http://127.0.0.1:8080"}}, "", "127.0.0.1:8080")));
  EXPECT_TRUE(IsFromHere(From("127.0.0.1", {{"Origin", "https://localhost"}}, "", "localhost")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"Origin", "http://127.0.0.1:9000"}}, "", "127.0.0.1:8080")));
  EXPECT_FALSE(IsFromHere(From("127.0.0.1", {{"Origin", "null"}}, "", "127.0.0.1:8080")));
}

class OperatorsTokenTest : public testing::Test {
 protected:
  http::Response Ask(const Operators& operators, Exchange exchange) {
    const RouteHandler handler =
        operators.Only([](Exchange&) -> Task<absl::StatusOr<http::Response>> { co_return http::Response(); });
    return *RunBlocking<absl::StatusOr<http::Response>>(loops_.Next(), [&] { return handler(exchange); });
  }
  http::Response AskWith(const std::string& authorization) {
    return Ask(operators_, From("198.51.100.1", {{"Authorization", authorization}}));
  }
  static std::string Basic(const std::string& name_and_password) {
    return absl::StrCat("Basic ", absl::Base64Escape(name_and_password));
  }

  EventLoops loops_{1};
  const Operators operators_{kToken};
};

TEST_F(OperatorsTokenTest, OpensFromAnywhereAsABearersOrAsABrowsersPassword) {
  EXPECT_EQ(AskWith(absl::StrCat("Bearer ", kToken)).status, 200);
  EXPECT_EQ(AskWith(absl::StrCat("bearer  ", kToken)).status, 200);
  EXPECT_EQ(AskWith(Basic(absl::StrCat("ada:", kToken))).status, 200);
  EXPECT_EQ(AskWith(Basic(absl::StrCat(":", kToken))).status, 200);
}

TEST_F(OperatorsTokenTest, AnythingElseIs401AndTellsHowToGiveIt) {
  for (const std::string& given :
       {absl::StrCat("Bearer ", kToken, "x"), absl::StrCat("Bearer ", std::string(kToken).substr(1)),
        std::string("Bearer "), std::string("Bearer"), std::string(kToken), Basic(kToken),
        std::string("Basic ***"), Basic(absl::StrCat(kToken, ":")), absl::StrCat("Digest ", kToken)}) {
    const http::Response refused = AskWith(given);
    EXPECT_EQ(refused.status, 401) << given;
    EXPECT_THAT(refused.headers.GetJoined("WWW-Authenticate").value_or(""),
                testing::HasSubstr("Basic realm="));
    EXPECT_THAT(refused.body, testing::HasSubstr("\"invalid_token\""));
  }
  const http::Response without = Ask(operators_, From("198.51.100.1"));
  EXPECT_EQ(without.status, 401);
  EXPECT_THAT(without.body, testing::HasSubstr("\"missing_token\""));
}

TEST_F(OperatorsTokenTest, WhereThereIsNoneNothingSeemsToBeHere) {
  const Operators no_token{""};
  EXPECT_EQ(Ask(no_token, From("198.51.100.1")).status, 404);
  EXPECT_EQ(Ask(no_token, From("198.51.100.1", {{"Authorization", "Bearer "}})).status, 404);
  EXPECT_EQ(Ask(no_token, From("127.0.0.1")).status, 200);
}

// A proxy on this machine that tells nobody's address looks like somebody at it.
TEST_F(OperatorsTokenTest, WhereThereIsOneItIsAskedForOnThisMachineToo) {
  EXPECT_EQ(Ask(operators_, From("127.0.0.1")).status, 401);
  EXPECT_EQ(Ask(operators_, From("127.0.0.1", {{"Authorization", "Bearer wrong"}})).status, 401);
  EXPECT_EQ(Ask(operators_, From("127.0.0.1", {{"Authorization", absl::StrCat("Bearer ", kToken)}})).status,
            200);
}

}  // namespace
}  // namespace tidemark::gateway
