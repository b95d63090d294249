// Bodies that nobody sends by mistake.
#include <gtest/gtest.h>

#include <random>

#include "common/status/error.h"
#include "gateway/json/auth_codec.h"
#include "gateway/json/reader.h"
#include "gateway/json/sync_codec.h"
#include "gateway/json/sync_v1_codec.h"

namespace tidemark::gateway {
namespace {

std::string Nested(size_t depth) {
  return R"({"unknown":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

TEST(HostileJson, WhatIsNotJsonIsMalformed) {
  const std::string kBodies[] = {
      " ",
      "{not json",
      "{",
      R"({"last_sync":0)",
      R"({"last_sync":0}})",
      R"({"last_sync":0} {})",
      R"({"last_sync":0,})",
      R"({'last_sync':0})",
      R"({"last_sync":01})",
      R"({"last_sync":+1})",
      R"({"last_sync":NaN})",
      R"({"last_sync":Infinity})",
      R"({"last_sync":0x10})",
      R"({"last_sync":1e99999999999999999999})",
      R"({/**/})",
      "{\"epoch\":\"line\nbreak\"}",
      R"({"epoch":"\ud800"})",
      R"({"epoch":"\x41"})",
      "{\"epoch\":\"\xff\"}",
      "{\"epoch\":\"\xc0\xaf\"}",
      "{\"epoch\":\"\xed\xa0\x80\"}",
      "{\"\xff\":1}",
      "\xef\xbb\xbf{}",
      std::string("{}\0", 3),
  };
  for (const std::string& body : kBodies) {
    const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(body);
    ASSERT_FALSE(request.ok()) << body;
    EXPECT_EQ(ErrorInfoOf(request.status()).code, Code::kMalformedJson) << body;
  }
}

TEST(HostileJson, NestingIsLimitedAlsoWhereItIsIgnored) {
  // The object itself is one level.
  EXPECT_TRUE(DecodeSyncRequest(Nested(kNestingMax - 1)).ok());
  EXPECT_EQ(ErrorInfoOf(DecodeSyncRequest(Nested(kNestingMax)).status()).code, Code::kMalformedJson);
  EXPECT_EQ(ErrorInfoOf(DecodeSyncRequest(Nested(1'000'000)).status()).code, Code::kMalformedJson);
}

TEST(HostileJson, OfAMemberGivenTwiceTheLastCounts) {
  const absl::StatusOr<v1::SyncRequest> request =
      DecodeSyncRequest(R"({"last_sync":"no","last_sync":7,"changes":[{}],"changes":[]})");
  ASSERT_TRUE(request.ok()) << request.status().ToString();
  EXPECT_EQ(request->last_sync(), 7);
  EXPECT_EQ(request->changes_size(), 0);
}

TEST(HostileJson, NulMayStandInATextAndIsTheServicesToRefuse) {
  const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(R"({"epoch":"a\u0000b"})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->epoch(), std::string("a\0b", 3));
}

TEST(HostileJson, UnknownMembersOfAnyTypeAreIgnored) {
  EXPECT_TRUE(DecodeSyncRequest(R"({"x":null,"y":[{"z":1e400}],"":0,"/~":{},"changes":[]})").ok());
}

TEST(HostileJson, TwoMegabytesOfEmptyChangesAreRefusedBeforeTheyAreRead) {
  std::string body = R"({"changes":[{})";
  while (body.size() < 2'000'000) body += ",{}";
  EXPECT_EQ(ErrorInfoOf(DecodeSyncRequest(body + "]}").status()).code, Code::kTooManyChanges);
}

// What comes out of any bytes is a message that can travel, or an error that is the client's fault.
template <typename Message>
void ExpectRequestOrFault(const absl::StatusOr<Message>& request, const std::string& body) {
  if (request.ok()) {
    // protobuf refuses texts that are not UTF-8.
    EXPECT_TRUE(Message().ParseFromString(request->SerializeAsString())) << body;
    return;
  }
  const int status = InfoOf(ErrorInfoOf(request.status()).code).http_status;
  EXPECT_TRUE(status >= 400 && status < 500) << body << ": " << request.status().ToString();
}

// Small enough steps to stay near valid JSON, where the interesting mistakes are.
void Mutate(std::string& body, std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {"{",       "}",
                                                 "[",       "]",
                                                 ",",       ":",
                                                 "\"",      "\\",
                                                 "\\u00",   "\\ud83d",
                                                 "null",    "true",
                                                 "-",       "1e400",
                                                 "0.5",     "9223372036854775808",
                                                 "\"id\":", "\"changes\":[",
                                                 "\xff",    "\xe2\x9c\x93",
                                                 "\x80",    std::string_view("\0", 1)};
  const size_t at = body.empty() ? 0 : random() % body.size();
  const size_t length = std::min<size_t>(random() % 9, body.size() - at);
  switch (random() % 5) {
    case 0:
      body.insert(at, kPieces[random() % std::size(kPieces)]);
      break;
    case 1:
      body.erase(at, length);
      break;
    case 2:
      body.insert(random() % (body.size() + 1), body.substr(at, length));
      break;
    case 3:
      body.replace(at, length, kPieces[random() % std::size(kPieces)]);
      break;
    default:
      if (!body.empty()) body[at] = static_cast<char>(random());
  }
}

TEST(HostileJson, AnyBytesGiveARequestOrAClientError) {
  const std::string kValid[] = {
      R"({"last_sync":1735689600000,"epoch":"e1","device_id":"d","acked":16,"client_time":5,"limit":7,)"
      R"("page":"p","changes":[{"id":"t","mutation_id":17,"version":3,"updated_at":4,"device_id":"web",)"
      R"("created_at":2,"content":"\u00fc\n🌊","completed":true,"pinned":false,"deleted_at":null}]})",
      R"({"last_sync":5,"changes":[{"id":"t","created_at":1,"updated_at":2,"deleted_at":null,"content":"v",)"
      R"("completed":false,"pinned":true,"version":3,"device_id":"desk"}]})",
      R"({"email":"a@b.c","password":"0123456789","device_id":"d","refresh_token":"r"})", "{}", ""};
  std::mt19937_64 random(20250101);
  for (int round = 0; round < 20'000; ++round) {
    std::string body = kValid[random() % std::size(kValid)];
    for (uint64_t steps = 1 + random() % 6; steps > 0; --steps) Mutate(body, random);
    ExpectRequestOrFault(DecodeSyncRequest(body), body);
    ExpectRequestOrFault(DecodeSyncV1Request(body), body);
    ExpectRequestOrFault(DecodeLoginRequest(body), body);
    ExpectRequestOrFault(DecodeRefreshRequest(body), body);
  }
}

}  // namespace
}  // namespace tidemark::gateway
