#include "bench/load/answer_reader.h"

#include <gtest/gtest.h>

namespace tidemark::bench {
namespace {

using State = AnswerReader::State;

constexpr std::string_view kWithBody =
    "HTTP/1.1 200 OK\r\nDate: now\r\netag: \"1-2-3\"\r\ncontent-length: 5\r\n\r\nhello";

TEST(AnswerReader, ReadsStatusEtagAndBody) {
  AnswerReader reader;
  ASSERT_EQ(reader.Feed(kWithBody), State::kComplete);
  EXPECT_EQ(reader.status(), 200);
  EXPECT_EQ(reader.etag(), "\"1-2-3\"");
  EXPECT_EQ(reader.body(), "hello");
  EXPECT_EQ(reader.bytes(), kWithBody.size());
}

TEST(AnswerReader, ReadsAnAnswerThatComesByteByByte) {
  AnswerReader reader;
  for (std::size_t i = 0; i + 1 < kWithBody.size(); ++i) {
    ASSERT_EQ(reader.Feed(kWithBody.substr(i, 1)), State::kIncomplete) << i;
  }
  EXPECT_EQ(reader.Feed(kWithBody.substr(kWithBody.size() - 1)), State::kComplete);
  EXPECT_EQ(reader.body(), "hello");
}

TEST(AnswerReader, A304HasNoBody) {
  AnswerReader reader;
  ASSERT_EQ(reader.Feed("HTTP/1.1 304 Not Modified\r\nETag: \"1-2-3\"\r\n\r\n"), State::kComplete);
  EXPECT_EQ(reader.status(), 304);
  EXPECT_EQ(reader.body(), "");
}

TEST(AnswerReader, TheNextAnswerKnowsNothingOfTheLast) {
  AnswerReader reader;
  reader.Feed(kWithBody);
  reader.Reset();
  ASSERT_EQ(reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), State::kComplete);
  EXPECT_EQ(reader.etag(), "");
  EXPECT_EQ(reader.body(), "");
}

TEST(AnswerReader, WhatItCannotMeasureIsMalformed) {
  for (const char* text :
       {"SMTP\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"}) {
    AnswerReader reader;
    EXPECT_EQ(reader.Feed(text), State::kMalformed) << text;
  }
}

}  // namespace
}  // namespace tidemark::bench
