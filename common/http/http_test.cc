// The server as its clients meet it, over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/async/completion.h"
#include "common/http/raw_client.h"
#include "common/http/server.h"

namespace tidemark::http {
namespace {

using testing::HasSubstr;

// Says what it was asked.
Task<Response> Echo(Request request) {
  Response response{.body = absl::StrCat(request.method, " ", request.path, " ", request.body)};
  response.headers.Set("ETag", "\"1\"");
  if (request.path == "/not-modified") response.status = 304;
  if (request.path == "/no-content") response.status = 204;
  if (request.path == "/throws") throw std::runtime_error("a bug");
  if (request.path == "/peer") response.body = request.peer;
  if (request.path == "/large") response.body = std::string(3 << 20, 'l');
  co_return response;
}

class HttpTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}, Handler handler = Echo) {
    options.address = "127.0.0.1:0";
    server_ = std::make_unique<Server>(loops_, options, std::move(handler));
    ASSERT_TRUE(server_->Start().ok());
  }

  int port() const { return server_->port(); }

  EventLoops loops_{2};
  std::unique_ptr<Server> server_;
};

TEST_F(HttpTest, KeepsTheConnectionForManyRequests) {
  Start();
  RawClient client(port());
  for (int i = 0; i < 100; ++i) {
    const std::optional<Response> answer = client.Ask("POST", absl::StrCat("/", i), "", "body");
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, absl::StrCat("POST /", i, " body"));
    EXPECT_TRUE(answer->headers.Get("Date").has_value());
  }
}

TEST_F(HttpTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(port());
  std::string requests;
  for (int i = 0; i < 50; ++i) absl::StrAppend(&requests, "GET /", i, " HTTP/1.1\r\nHost: h\r\n\r\n");
  client.Send(requests);
  for (int i = 0; i < 50; ++i) {
    const std::optional<Response> answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, absl::StrCat("GET /", i, " "));
  }
}

TEST_F(HttpTest, TellsWhatARequestAndItsAnswerTakeOnTheWire) {
  std::atomic<size_t> sent{0};
  Start({}, [&sent](Request request) -> Task<Response> {
    Response response{.body = absl::StrCat(request.wire_bytes)};
    response.on_sent = [&sent](size_t bytes) { sent += bytes; };
    co_return response;
  });
  RawClient client(port());
  const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
  // Together, so that what is read at once is told apart.
  client.Send(get + post + "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::optional<std::string> answers = client.ReadToEnd();
  ASSERT_TRUE(answers.has_value());
  EXPECT_THAT(*answers, HasSubstr("\r\n\r\n" + absl::StrCat(get.size()) + "HTTP/1.1 200"));
  EXPECT_THAT(*answers, HasSubstr("\r\n\r\n" + absl::StrCat(post.size()) + "HTTP/1.1 200"));
  EXPECT_EQ(sent, answers->size());
}

TEST_F(HttpTest, ShowsTheConnectionsThatAreOpen) {
  metrics::Registry registry;
  Start({.connections_max = 5, .metrics = &registry});
  RawClient client(port());
  ASSERT_TRUE(client.Ask("GET", "/").has_value());
  EXPECT_THAT(registry.Text(), HasSubstr("\ntidemark_http_connections 1\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("\ntidemark_http_connections_max 5\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("\ntidemark_http_streams 0\n"));
  server_.reset();
  EXPECT_EQ(registry.Text(), "") << "a server that is gone is not asked";
}

TEST_F(HttpTest, ClosesWhenTheClientAsksForIt) {
  Start();
  RawClient client(port());
  const std::optional<Response> answer = client.Ask("GET", "/", "Connection: close\r\n");
  EXPECT_EQ(answer->headers.Get("Connection"), "close");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpTest, ClosesAfterAnOldClientThatDoesNotAskToKeep) {
  Start();
  RawClient client(port());
  client.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 200);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpTest, ReadsChunkedBodies) {
  Start();
  RawClient client(port());
  client.Send(
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read()->body, "POST /c hello");
}

TEST_F(HttpTest, SendsNoBodyToHeadNorWith204And304) {
  Start();
  RawClient client(port());
  const std::optional<Response> head = client.Ask("HEAD", "/");
  EXPECT_EQ(head->headers.Get("Content-Length"), "7");
  const std::optional<Response> not_modified = client.Ask("GET", "/not-modified");
  EXPECT_EQ(not_modified->status, 304);
  EXPECT_EQ(not_modified->headers.Get("ETag"), "\"1\"");
  EXPECT_EQ(not_modified->headers.Get("Content-Length"), std::nullopt);
  EXPECT_EQ(client.Ask("GET", "/no-content")->status, 204);
  // Any stray byte of a body would be read as the start of this answer.
  EXPECT_EQ(client.Ask("GET", "/next")->body, "GET /next ");
}

TEST_F(HttpTest, SendsLargeAnswersWhole) {
  Start();
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/large")->body, std::string(3 << 20, 'l'));
  EXPECT_EQ(client.Ask("GET", "/next")->body, "GET /next ");
}

TEST_F(HttpTest, NamesThePeerWithoutPort) {
  Start();
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/peer")->body, "127.0.0.1");
}

TEST_F(HttpTest, AHandlerThatThrowsIsA500AndTheConnectionGoesOn) {
  Start();
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/throws")->status, 500);
  EXPECT_EQ(client.Ask("GET", "/next")->status, 200);
}

TEST_F(HttpTest, AnswersBadRequestsThroughOnErrorAndCloses) {
  Start({.on_error = [](int status, std::string_view detail) {
    Response response{.status = status, .body = std::string(detail)};
    response.headers.Set("Content-Type", "application/problem+json");
    return response;
  }});
  RawClient client(port());
  client.Send("this is not HTTP\r\n\r\n");
  const std::optional<Response> answer = client.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(answer->headers.Get("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer->headers.Get("Connection"), "close");
  EXPECT_THAT(answer->body, HasSubstr("malformed HTTP"));
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpTest, RefusesHeadersAboveTheLimit) {
  Start({.header_bytes_max = 1024});
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/", absl::StrCat("X: ", std::string(2000, 'x'), "\r\n"))->status, 431);
}

TEST_F(HttpTest, AClientThatSendsALargeBodyToTheEndStillReadsThe413) {
  Start({.body_bytes_max = 1000});
  RawClient client(port());
  const std::optional<Response> answer = client.Ask("POST", "/", "", std::string(4 << 20, 'b'));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 413);
}

TEST_F(HttpTest, RefusesAChunkedBodyAboveTheLimit) {
  Start({.body_bytes_max = 10});
  RawClient client(port());
  client.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n");
  EXPECT_EQ(client.Read()->status, 413);
}

TEST_F(HttpTest, ContinuesAClientThatExpectsIt) {
  Start();
  RawClient client(port());
  client.Send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.Read(false)->status, 100);
  client.Send("hello");
  EXPECT_EQ(client.Read()->body, "POST /e hello");
}

TEST_F(HttpTest, DoesNotContinueAClientWhoseBodyIsTooLarge) {
  Start({.body_bytes_max = 4});
  RawClient client(port());
  client.Send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 413);
}

TEST_F(HttpTest, ASlowRequestIsAnsweredWith408) {
  Start({.read_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  client.Send("GET / HTTP/1.1\r\nHos");
  const std::optional<Response> answer = client.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpTest, AClientThatDribblesIsAsSlowAsOneThatStops) {
  Start({.read_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
  while (client.Send("b")) {
  }
  SUCCEED() << "the server has closed, before the body was there";
}

TEST_F(HttpTest, AnIdleConnectionIsClosedWithoutAnAnswer) {
  Start({.idle_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  EXPECT_EQ(client.Ask("GET", "/")->status, 200);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpTest, AClientThatDoesNotReadIsDropped) {
  Start({.write_timeout = absl::Milliseconds(50)},
        [](Request) -> Task<Response> { co_return Response{.body = std::string(64 << 20, 'l')}; });
  RawClient client(port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (client.Send("x")) {
  }
  SUCCEED() << "the server has closed";
}

TEST_F(HttpTest, OneConnectionTooManyIsTurnedAway) {
  Start({.connections_max = 2});
  RawClient first(port());
  auto second = std::make_unique<RawClient>(port());
  ASSERT_EQ(first.Ask("GET", "/")->status, 200);
  ASSERT_EQ(second->Ask("GET", "/")->status, 200);
  RawClient third(port());
  const std::optional<Response> answer = third.Ask("GET", "/");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->headers.Get("Connection"), "close");
  EXPECT_TRUE(third.ReadsEnd());
  second.reset();
  for (;;) {
    RawClient fourth(port());  // until the server has noticed that the second has gone
    if (fourth.Ask("GET", "/")->status == 200) break;
  }
}

TEST_F(HttpTest, OneAddressCannotHaveAllConnections) {
  Start({.connections_per_address_max = 1});
  RawClient first(port());
  ASSERT_EQ(first.Ask("GET", "/")->status, 200);
  EXPECT_EQ(RawClient(port()).Ask("GET", "/")->status, 503);
}

TEST_F(HttpTest, AProxysAddressCan) {
  Start({.connections_per_address_max = 1,
         .is_shared_address = [](const std::string& address) { return address == "127.0.0.1"; }});
  RawClient first(port());
  ASSERT_EQ(first.Ask("GET", "/")->status, 200);
  EXPECT_EQ(RawClient(port()).Ask("GET", "/")->status, 200);
}

TEST_F(HttpTest, OfAFloodOfConnectionsSomeAreTurnedAwayAndTheRestIsClosed) {
  Start({.connections_max = 1});
  RawClient first(port());
  ASSERT_EQ(first.Ask("GET", "/")->status, 200);
  std::vector<std::unique_ptr<RawClient>> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(std::make_unique<RawClient>(port()));
  for (const std::unique_ptr<RawClient>& client : flood) {
    const std::optional<std::string> said = client->ReadToEnd();
    ASSERT_TRUE(said.has_value()) << "kept waiting";
    EXPECT_TRUE(said->empty() || said->starts_with("HTTP/1.1 503 ")) << *said;
  }
  EXPECT_EQ(first.Ask("GET", "/")->status, 200);
}

// Whoever asks the socket of such a client for its peer gets no answer.
TEST_F(HttpTest, AClientThatResetsItsConnectionWhileItIsAdmittedHarmsNobody) {
  std::promise<void> asked;
  std::promise<void> reset;
  Start({.connections_per_address_max = 1, .is_shared_address = [&](const std::string&) {
           asked.set_value();
           reset.get_future().wait();
           return true;
         }});
  RawClient first(port());
  ASSERT_EQ(first.Ask("GET", "/")->status, 200);
  RawClient second(port());
  asked.get_future().wait();
  second.Reset();
  reset.set_value();
  server_->Drain(absl::Seconds(30));  // until both have left
  EXPECT_TRUE(first.ReadsEnd());
}

TEST_F(HttpTest, HalfARequestFromEachOf500ClientsLeavesTheOthersAsTheyWere) {
  Start({.connections_max = 600});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(std::make_unique<RawClient>(port()));
    slow.back()->Send("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhal");
  }
  for (int i = 0; i < 50; ++i) {
    RawClient client(port());
    EXPECT_EQ(client.Ask("GET", "/a")->body, "GET /a ");
    EXPECT_EQ(client.Ask("POST", "/b", "", "body")->body, "POST /b body");
  }
  // None was lost on the way.
  for (const std::unique_ptr<RawClient>& client : slow) {
    client->Send("f-moon!");
    EXPECT_EQ(client->Read()->body, "POST /slow half-moon!");
  }
}

TEST_F(HttpTest, ATakenAddressIsUnavailable) {
  Start();
  Server other(loops_, {.address = absl::StrCat("127.0.0.1:", port())}, Echo);
  EXPECT_EQ(other.Start().code(), absl::StatusCode::kUnavailable);
}

TEST_F(HttpTest, WhatIsNoAddressIsInvalid) {
  for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:http"}) {
    EXPECT_EQ(Server(loops_, {.address = bad}, Echo).Start().code(), absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST_F(HttpTest, DrainLetsRequestsFinishAndClosesIdleConnections) {
  std::promise<Completion<int>> waiting;
  Start({}, [&](Request request) -> Task<Response> {
    if (request.path == "/slow") {
      co_await Await<int>([&](Completion<int> done) { waiting.set_value(std::move(done)); });
    }
    co_return Response{.body = "finished"};
  });
  RawClient idle(port());
  ASSERT_TRUE(idle.Ask("GET", "/").has_value());
  auto busy = std::make_unique<RawClient>(port());
  busy->Send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  const Completion<int> finish = waiting.get_future().get();

  std::thread drain([&] { server_->Drain(absl::Seconds(30)); });
  EXPECT_TRUE(idle.ReadsEnd());
  finish(0);
  const std::optional<Response> answer = busy->Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "finished");
  EXPECT_EQ(answer->headers.Get("Connection"), "close");
  EXPECT_TRUE(busy->ReadsEnd());
  busy.reset();
  drain.join();
  EXPECT_FALSE(RawClient(port()).Ask("GET", "/").has_value()) << "a drained server accepts nobody";
}

TEST_F(HttpTest, BeforeADrainEachAnswerIsTheLastOfItsConnectionAndNewOnesAreTaken) {
  Start();
  RawClient old(port());
  ASSERT_FALSE(old.Ask("GET", "/")->headers.Get("Connection").has_value());
  server_->EndConnections();
  RawClient fresh(port());
  for (RawClient* client : {&old, &fresh}) {
    const std::optional<Response> answer = client->Ask("GET", "/");
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->headers.Get("Connection"), "close");
    EXPECT_TRUE(client->ReadsEnd());
  }
}

TEST_F(HttpTest, DrainGivesUpOnAClientAfterItsGrace) {
  Start();
  RawClient stuck(port());
  stuck.Send("GET / HTTP/1.1\r\n");
  server_->Drain(absl::Milliseconds(50));
  server_.reset();
  EXPECT_FALSE(stuck.Read().has_value());
}

}  // namespace
}  // namespace tidemark::http
