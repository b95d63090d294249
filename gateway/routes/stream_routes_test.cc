// GET /sync/stream over real sockets, with a sync service that the test plays.
#include <gmock/gmock.h>

#include <thread>

#include "common/http/raw_client.h"
#include "gateway/routes/gateway_fixture.h"
#include "gateway/routes/stream.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;
using Heads = FakeStream<v1::WatchResponse>;

constexpr char kFirst[] = "\"1-100-1\"";
constexpr char kSecond[] = "\"2-200-2\"";
constexpr char kThird[] = "\"3-300-3\"";

v1::WatchResponse Head(const std::string& etag) {
  v1::WatchResponse head;
  head.set_etag(etag);
  return head;
}

std::string HeadEvent(const std::string& etag) {
  return "id: " + etag + "\nevent: head\ndata: " + etag + "\n\n";
}

class StreamRoutesTest : public ServedGatewayTest {
 protected:
  StreamRoutesTest() { sync_.watch.end = std::nullopt; }

  void Start(LiveStreamOptions options = {.comment_interval = absl::Hours(1)},
             DispatcherOptions dispatching = {}) {
    AddStreamRoutes(router_, sync_, options);
    Serve(dispatching);
    client_ = std::make_unique<http::RawClient>(server_->port());
  }

  void Ask(const std::string& headers = "", const std::string& method = "GET") {
    client_->Send(method + " /sync/stream HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer a.b.c\r\n" + headers +
                  "\r\n");
  }

  // A stream whose client has got kFirst.
  std::shared_ptr<Heads> Open() {
    Ask();
    std::shared_ptr<Heads> heads = sync_.watch.Next();
    heads->Send(Head(kFirst));
    EXPECT_EQ(client_->Read()->status, 200);
    EXPECT_EQ(client_->ReadChunk(), HeadEvent(kFirst));
    return heads;
  }

  std::unique_ptr<http::RawClient> client_;
};

TEST_F(StreamRoutesTest, TheHeadComesAtOnceAndAfterEachCommit) {
  Start();
  Ask();
  const std::shared_ptr<Heads> heads = sync_.watch.Next();
  heads->Send(Head(kFirst));
  const std::optional<http::Response> response = client_->Read();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(Header(*response, "Content-Type"), "text/event-stream");
  EXPECT_EQ(Header(*response, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(Header(*response, "X-Accel-Buffering"), "no");
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kFirst));
  heads->Send(Head(kSecond));
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kSecond));
  EXPECT_EQ(sync_.watch.authorization, "Bearer a.b.c");
}

TEST_F(StreamRoutesTest, AStateThatTheClientKnowsIsNotToldAgain) {
  Start();
  Ask("Last-Event-ID: " + std::string(kFirst) + "\r\n");
  const std::shared_ptr<Heads> heads = sync_.watch.Next();
  heads->Send(Head(kFirst));
  EXPECT_EQ(client_->Read()->status, 200) << "told that the stream stands";
  heads->Send(Head(kSecond));
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kSecond));
}

TEST_F(StreamRoutesTest, AnIdThatIsNoStateIsIgnored) {
  Start();
  Ask("Last-Event-ID: \xff nonsense\r\n");
  sync_.watch.Next()->Send(Head(kFirst));
  EXPECT_EQ(client_->Read()->status, 200);
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kFirst));
}

TEST_F(StreamRoutesTest, WhatTheServiceRefusesIsAProblem) {
  const struct {
    absl::Status refusal;
    int status;
  } kRows[] = {{Error(Code::kRateLimited, "At most 10 streams.", {.retry_after = absl::Seconds(60)}), 429},
               {Error(Code::kInvalidToken, "not one of ours"), 401},
               {absl::UnavailableError("away"), 503}};
  Start();
  for (const auto& row : kRows) {
    Ask();
    sync_.watch.Next()->End(row.refusal);
    const std::optional<http::Response> response = client_->Read();
    EXPECT_EQ(response->status, row.status);
    EXPECT_EQ(Header(*response, "Content-Type"), "application/problem+json");
  }
}

TEST_F(StreamRoutesTest, AFirstHeadThatDoesNotComeInTimeIsUnavailable) {
  Start({}, {.call_timeout = absl::Milliseconds(1)});
  Ask();
  EXPECT_EQ(client_->Read()->status, 503);
  EXPECT_TRUE(sync_.watch.Next()->IsGivenUp());
}

TEST_F(StreamRoutesTest, NobodyWatchesWithoutAToken) {
  Start();
  EXPECT_EQ(client_->Ask("GET", "/sync/stream")->status, 401);
  EXPECT_TRUE(sync_.watch.asked.empty());
}

TEST_F(StreamRoutesTest, CommentsKeepARestingStreamAwake) {
  Start({.comment_interval = absl::Milliseconds(1)});
  Open();
  EXPECT_EQ(client_->ReadChunk(), ":\n\n");
  EXPECT_EQ(client_->ReadChunk(), ":\n\n");
}

TEST_F(StreamRoutesTest, TheEndOfTheTokenIsToldAndEndsTheStream) {
  Start();
  const std::shared_ptr<Heads> heads = Open();
  heads->End(Error(Code::kExpiredToken, "expired"));
  EXPECT_EQ(client_->ReadChunk(), "event: expired\ndata: \"expired_token\"\n\n");
  EXPECT_EQ(client_->ReadChunk(), "");
}

TEST_F(StreamRoutesTest, AReplicaThatGoesAwayIsReplacedUnnoticed) {
  Start();
  std::shared_ptr<Heads> heads = Open();
  for (const absl::Status& lost :
       {absl::UnavailableError("gone"), absl::OkStatus(), absl::InternalError("broken")}) {
    heads->End(lost);
    heads = sync_.watch.Next();
    ASSERT_NE(heads, nullptr);
    heads->Send(Head(kFirst));
  }
  heads->Send(Head(kSecond));
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kSecond)) << "and nothing before it";
}

TEST_F(StreamRoutesTest, WhatWasCommittedMeanwhileIsToldByTheNextReplica) {
  Start();
  Open()->End(absl::UnavailableError("gone"));
  sync_.watch.Next()->End(absl::UnavailableError("not yet there"));
  sync_.watch.Next()->Send(Head(kThird));
  EXPECT_EQ(client_->ReadChunk(), HeadEvent(kThird));
}

TEST_F(StreamRoutesTest, ATokenThatEndedDuringAnOutageIsTold) {
  Start();
  Open()->End(absl::UnavailableError("gone"));
  sync_.watch.Next()->End(Error(Code::kInvalidToken, "revoked"));
  EXPECT_EQ(client_->ReadChunk(), "event: expired\ndata: \"invalid_token\"\n\n");
  EXPECT_EQ(client_->ReadChunk(), "");
}

TEST_F(StreamRoutesTest, AServiceThatStaysAwayEndsTheStream) {
  Start({.comment_interval = absl::Hours(1), .outage_max = absl::ZeroDuration()});
  Open()->End(absl::UnavailableError("gone"));
  EXPECT_EQ(client_->ReadChunk(), "");
}

TEST_F(StreamRoutesTest, AClientThatLeavesEndsItsWatch) {
  Start();
  const std::shared_ptr<Heads> heads = Open();
  client_.reset();
  EXPECT_TRUE(heads->IsGivenUp());
}

TEST_F(StreamRoutesTest, HeadIsAnsweredLikeGetAndEndsItsWatch) {
  Start();
  Ask("", "HEAD");
  const std::shared_ptr<Heads> heads = sync_.watch.Next();
  heads->Send(Head(kFirst));
  EXPECT_EQ(Header(*client_->Read(/*has_body=*/false), "Content-Type"), "text/event-stream");
  EXPECT_TRUE(heads->IsGivenUp());
}

TEST_F(StreamRoutesTest, ADrainEndsEveryStream) {
  Start();
  const std::shared_ptr<Heads> resting = Open();
  std::unique_ptr<http::RawClient> first = std::move(client_);
  client_ = std::make_unique<http::RawClient>(server_->port());
  Open()->End(absl::UnavailableError("gone"));  // pausing, or watching again
  std::thread drain([&] { server_->Drain(absl::Hours(1)); });
  EXPECT_EQ(first->ReadChunk(), "");
  EXPECT_EQ(client_->ReadChunk(), "");
  first.reset();
  client_.reset();
  drain.join();
  EXPECT_TRUE(resting->IsGivenUp());
}

}  // namespace
}  // namespace tidemark::gateway
