#include "common/redis/test_server.h"
#include "services/sync/storage/head_announcer_contract.h"
#include "services/sync/storage/redis/redis_head_announcer.h"

namespace tidemark::sync {
namespace {

class RedisHeadAnnouncersUnderTest : public HeadAnnouncersUnderTest {
 public:
  RedisHeadAnnouncersUnderTest() { EXPECT_TRUE(redis::AwaitConnected(loops_, redis_)); }

  EventLoops& loops() override { return loops_; }
  HeadAnnouncer& first() override { return first_; }
  HeadAnnouncer& second() override { return second_; }
  void Cut() override { server_.Stop(); }
  void Mend() override {
    server_.Start();
    EXPECT_TRUE(redis::AwaitConnected(loops_, redis_));
  }

  redis::TestServer& server() { return server_; }

 private:
  redis::TestServer server_;
  EventLoops loops_{1};
  redis::Client redis_{loops_, {.url = server_.url()}};
  RedisHeadAnnouncer first_{loops_.at(0), redis_, {.url = server_.url()}};
  RedisHeadAnnouncer second_{loops_.at(0), redis_, {.url = server_.url()}};
};

INSTANTIATE_TEST_SUITE_P(Redis, HeadAnnouncerContract,
                         testing::Values(+[]() -> std::unique_ptr<HeadAnnouncersUnderTest> {
                           return std::make_unique<RedisHeadAnnouncersUnderTest>();
                         }));

TEST(RedisHeadAnnouncer, WhatIsNoAnnouncementIsPassedOver) {
  RedisHeadAnnouncersUnderTest announcers;
  RecordingListener listener;
  announcers.first().Listen(&listener);
  ASSERT_TRUE(listener.AwaitHears(true));
  for (const char* message :
       {"", "user", "user e1", "user e1 1-2", "user e1 a-b-c", "user e1 1-2-3 4", "\xff"}) {
    announcers.server().Ask({"PUBLISH", "heads", message});
  }
  announcers.server().Ask({"PUBLISH", "heads", "user e1 1-2-3"});
  const Head head{.high_water = {2}, .live_count = 1, .version_sum = 3, .purged_through = {}};
  EXPECT_THAT(listener.Await(1), testing::ElementsAre(Announcement{UserId("user"), Epoch("e1"), head}));
  announcers.first().Listen(nullptr);
}

}  // namespace
}  // namespace tidemark::sync
