#include "common/redis/reply.h"

#include <gtest/gtest.h>

#include <memory>

namespace tidemark::redis {
namespace {

// Parsed by hiredis from what a server would send.
absl::StatusOr<Reply> Parse(const std::string& wire) {
  std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), redisReaderFree);
  redisReaderFeed(reader.get(), wire.data(), wire.size());
  void* parsed = nullptr;
  EXPECT_EQ(redisReaderGetReply(reader.get(), &parsed), REDIS_OK);
  std::unique_ptr<void, decltype(&freeReplyObject)> reply(parsed, freeReplyObject);
  return ReplyOf(*static_cast<redisReply*>(parsed));
}

TEST(ReplyOf, KeepsIntegersTextsAndNil) {
  EXPECT_EQ(Parse(":-9007199254740993\r\n")->integer, -9007199254740993);
  EXPECT_EQ(Parse("+OK\r\n")->text, "OK");
  EXPECT_EQ(Parse(std::string("$3\r\na\0b\r\n", 9))->text, std::string("a\0b", 3));
  EXPECT_TRUE(Parse("$-1\r\n")->nil());
  EXPECT_FALSE(Parse("$0\r\n\r\n")->nil());
}

TEST(ReplyOf, KeepsArraysWithinArrays) {
  const absl::StatusOr<Reply> reply = Parse("*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n*0\r\n");
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(reply->elements.size(), 3u);
  EXPECT_EQ(reply->elements[0].integer, 1);
  EXPECT_EQ(reply->elements[1].elements[0].text, "a");
  EXPECT_TRUE(reply->elements[1].elements[1].nil());
  EXPECT_EQ(reply->elements[2].kind, Reply::Kind::kArray);
}

TEST(ReplyOf, AnErrorIsAStatusAlsoInsideAnArray) {
  EXPECT_EQ(Parse("-WRONGTYPE not a list\r\n").status(), absl::InternalError("WRONGTYPE not a list"));
  EXPECT_EQ(Parse("*2\r\n:1\r\n-ERR no\r\n").status(), absl::InternalError("ERR no"));
}

TEST(StatusOfErrorReply, WhatPassesIsUnavailable) {
  for (const char* text : {"LOADING Redis is loading the dataset in memory", "READONLY You can't write",
                           "OOM command not allowed", "BUSY Redis is busy running a script"}) {
    EXPECT_EQ(StatusOfErrorReply(text).code(), absl::StatusCode::kUnavailable) << text;
  }
  // A code, not a prefix of one.
  EXPECT_EQ(StatusOfErrorReply("BUSYGROUP exists").code(), absl::StatusCode::kInternal);
  EXPECT_EQ(StatusOfErrorReply("").code(), absl::StatusCode::kInternal);
}

TEST(InfoField, IsTheWholeLineOfThatName) {
  const std::string info = "# Server\r\nredis_version:7.0.15\r\nrun_id:abc123\r\nold_run_id:zzz\r\n";
  EXPECT_EQ(InfoField(info, "run_id"), "abc123");
  EXPECT_EQ(InfoField(info, "redis_version"), "7.0.15");
  EXPECT_EQ(InfoField(info, "run"), "");
  EXPECT_EQ(InfoField("", "run_id"), "");
}

}  // namespace
}  // namespace tidemark::redis
