#include "gateway/json/sync_codec.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

std::string WithChange(std::string_view change) {
  return R"({"changes":[{"id":"a","version":1,"updated_at":2},)" + std::string(change) + "]}";
}

struct Refused {
  const char* name;
  std::string body;
  Code code;
  std::string pointer;
};

void ExpectRefused(const Refused& row) {
  const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(row.body);
  ASSERT_FALSE(request.ok()) << row.name;
  const ErrorInfo info = ErrorInfoOf(request.status());
  EXPECT_EQ(InfoOf(info.code).name, InfoOf(row.code).name) << row.name;
  EXPECT_EQ(info.details.pointer, row.pointer) << row.name;
}

TEST(DecodeSync, EmptyBodyAndEmptyObjectSetNothing) {
  for (const char* body : {"", "{}", " { } "}) {
    const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(body);
    ASSERT_TRUE(request.ok()) << body;
    EXPECT_EQ(request->ByteSizeLong(), 0u) << body;
  }
}

TEST(DecodeSync, AnyOtherObjectSetsLastSync) {
  for (const char* body : {R"({"changes":[]})", R"({"unknown":1})", R"({"last_sync":0})"}) {
    const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(body);
    ASSERT_TRUE(request.ok()) << body;
    EXPECT_TRUE(request->has_last_sync()) << body;
    EXPECT_EQ(request->last_sync(), 0) << body;
  }
}

TEST(DecodeSync, ReadsEveryMember) {
  const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(R"({
    "last_sync": 1735689600000, "epoch": "e1", "device_id": "desk", "acked": 16, "client_time": 5, "limit": 7,
    "page": "p", "changes": [{"id": "t", "mutation_id": 17, "version": 3, "updated_at": 4, "device_id": "web",
    "created_at": 2, "content": "ü\n", "completed": true, "pinned": false, "deleted_at": 9}]})");
  ASSERT_TRUE(request.ok()) << request.status().ToString();
  EXPECT_EQ(request->last_sync(), 1735689600000);
  EXPECT_EQ(request->epoch(), "e1");
  EXPECT_EQ(request->device_id(), "desk");
  EXPECT_EQ(request->acked(), 16);
  EXPECT_EQ(request->client_time(), 5);
  EXPECT_EQ(request->limit(), 7);
  EXPECT_EQ(request->page(), "p");
  ASSERT_EQ(request->changes_size(), 1);
  const v1::Change& change = request->changes(0);
  EXPECT_EQ(change.id(), "t");
  EXPECT_EQ(change.mutation_id(), 17);
  EXPECT_EQ(change.version(), 3);
  EXPECT_EQ(change.updated_at(), 4);
  EXPECT_EQ(change.device_id(), "web");
  EXPECT_EQ(change.created_at(), 2);
  EXPECT_EQ(change.content(), "ü\n");
  EXPECT_TRUE(change.completed());
  EXPECT_TRUE(change.has_pinned());
  EXPECT_FALSE(change.pinned());
  EXPECT_EQ(change.deleted_at(), 9);
}

TEST(DecodeSync, AbsentFieldsStayUntouched) {
  const absl::StatusOr<v1::SyncRequest> request =
      DecodeSyncRequest(R"({"changes":[{"id":"a","version":1,"updated_at":2}]})");
  ASSERT_TRUE(request.ok());
  const v1::Change& change = request->changes(0);
  EXPECT_FALSE(change.has_mutation_id() || change.has_created_at() || change.has_content() ||
               change.has_completed() || change.has_pinned() || change.has_deleted_at());
  EXPECT_FALSE(request->has_epoch() || request->has_device_id() || request->has_acked() ||
               request->has_client_time() || request->has_limit() || request->has_page());
}

TEST(DecodeSync, NullDeletedAtIsAPresentZero) {
  const absl::StatusOr<v1::SyncRequest> request =
      DecodeSyncRequest(WithChange(R"({"id":"b","version":1,"updated_at":2,"deleted_at":null})"));
  ASSERT_TRUE(request.ok());
  EXPECT_FALSE(request->changes(0).has_deleted_at());
  EXPECT_TRUE(request->changes(1).has_deleted_at());
  EXPECT_EQ(request->changes(1).deleted_at(), 0);
}

TEST(DecodeSync, SixtyFourBitExtremesAreExact) {
  const absl::StatusOr<v1::SyncRequest> request =
      DecodeSyncRequest(R"({"last_sync":9223372036854775807,"acked":-9223372036854775808})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->last_sync(), kMax);
  EXPECT_EQ(request->acked(), std::numeric_limits<int64_t>::min());
}

// A double cannot hold all of these.
TEST(DecodeSync, IntegersAroundTwoToTheFiftyThirdAreExactInBothDirections) {
  constexpr int64_t kExact = int64_t{1} << 53;
  for (const int64_t number : {kExact - 1, kExact, kExact + 1, 1 - kExact, -kExact, -kExact - 1}) {
    const std::string text = std::to_string(number);
    const absl::StatusOr<v1::SyncRequest> request = DecodeSyncRequest(
        R"({"last_sync":)" + text + R"(,"changes":[{"id":"a","version":1,"updated_at":)" + text + "}]}");
    ASSERT_TRUE(request.ok()) << text;
    EXPECT_EQ(request->last_sync(), number);
    EXPECT_EQ(request->changes(0).updated_at(), number);
    v1::SyncResponse response;
    response.set_server_time(number);
    EXPECT_NE(EncodeSyncResponse(response).find("\"server_time\":" + text + ","), std::string::npos);
  }
}

TEST(DecodeSync, WrongTypesAreBadTypeWithAPointer) {
  const Refused kRows[] = {
      {"array body", "[]", Code::kBadType, ""},
      {"number body", "5", Code::kBadType, ""},
      {"string body", R"("x")", Code::kBadType, ""},
      {"null body", "null", Code::kBadType, ""},
      {"infinite body", "1e400", Code::kBadType, ""},
      {"last_sync string", R"({"last_sync":"0"})", Code::kBadType, "/last_sync"},
      {"last_sync null", R"({"last_sync":null})", Code::kBadType, "/last_sync"},
      {"last_sync infinite", R"({"last_sync":1e400})", Code::kBadType, "/last_sync"},
      {"last_sync with point", R"({"last_sync":1.0})", Code::kBadType, "/last_sync"},
      {"last_sync with exponent", R"({"last_sync":1e3})", Code::kBadType, "/last_sync"},
      {"last_sync one past", R"({"last_sync":9223372036854775808})", Code::kBadType, "/last_sync"},
      {"last_sync one below", R"({"last_sync":-9223372036854775809})", Code::kBadType, "/last_sync"},
      {"last_sync true", R"({"last_sync":true})", Code::kBadType, "/last_sync"},
      {"epoch number", R"({"epoch":1})", Code::kBadType, "/epoch"},
      {"epoch null", R"({"epoch":null})", Code::kBadType, "/epoch"},
      {"device_id array", R"({"device_id":[]})", Code::kBadType, "/device_id"},
      {"acked fraction", R"({"acked":1.5})", Code::kBadType, "/acked"},
      {"client_time object", R"({"client_time":{}})", Code::kBadType, "/client_time"},
      {"limit string", R"({"limit":"10"})", Code::kBadType, "/limit"},
      {"page number", R"({"page":2})", Code::kBadType, "/page"},
      {"changes object", R"({"changes":{}})", Code::kBadType, "/changes"},
      {"changes null", R"({"changes":null})", Code::kBadType, "/changes"},
      {"change string", WithChange(R"("x")"), Code::kBadType, "/changes/1"},
      {"change null", WithChange("null"), Code::kBadType, "/changes/1"},
      {"id null", WithChange(R"({"id":null})"), Code::kBadType, "/changes/1/id"},
      {"version string", WithChange(R"({"version":"1"})"), Code::kBadType, "/changes/1/version"},
      {"updated_at fraction", WithChange(R"({"updated_at":1.5})"), Code::kBadType, "/changes/1/updated_at"},
      {"mutation_id null", WithChange(R"({"mutation_id":null})"), Code::kBadType, "/changes/1/mutation_id"},
      {"created_at string", WithChange(R"({"created_at":"1"})"), Code::kBadType, "/changes/1/created_at"},
      {"device_id number", WithChange(R"({"device_id":5})"), Code::kBadType, "/changes/1/device_id"},
      {"content number", WithChange(R"({"content":5})"), Code::kBadType, "/changes/1/content"},
      {"content null", WithChange(R"({"content":null})"), Code::kBadType, "/changes/1/content"},
      {"completed string", WithChange(R"({"completed":"yes"})"), Code::kBadType, "/changes/1/completed"},
      {"completed number", WithChange(R"({"completed":1})"), Code::kBadType, "/changes/1/completed"},
      {"pinned null", WithChange(R"({"pinned":null})"), Code::kBadType, "/changes/1/pinned"},
      {"deleted_at false", WithChange(R"({"deleted_at":false})"), Code::kBadType, "/changes/1/deleted_at"},
      {"deleted_at string", WithChange(R"({"deleted_at":"0"})"), Code::kBadType, "/changes/1/deleted_at"},
  };
  for (const Refused& row : kRows) ExpectRefused(row);
}

TEST(DecodeSync, ThePointerNamesTheFirstBadValueOfTheDocument) {
  ExpectRefused({"changes before last_sync", R"({"changes":[{"pinned":1,"id":2}],"last_sync":"0"})",
                 Code::kBadType, "/changes/0/pinned"});
}

TEST(DecodeSync, MissingMembersAreValidationWithAPointer) {
  const Refused kRows[] = {
      {"empty change", WithChange("{}"), Code::kValidation, "/changes/1/id"},
      {"no version", WithChange(R"({"id":"b","updated_at":1})"), Code::kValidation, "/changes/1/version"},
      {"no updated_at", WithChange(R"({"id":"b","version":1})"), Code::kValidation, "/changes/1/updated_at"},
      {"the first of several", R"({"changes":[{"id":"a","version":1},{}]})", Code::kValidation,
       "/changes/0/updated_at"},
  };
  for (const Refused& row : kRows) ExpectRefused(row);
}

TEST(DecodeSync, AWrongTypeOutranksAMissingMember) {
  ExpectRefused({"missing, then wrong", R"({"changes":[{},{"completed":"yes"}]})", Code::kBadType,
                 "/changes/1/completed"});
}

TEST(DecodeSync, TakesAThousandChangesAndNotOneMore) {
  const auto body = [](size_t count) {
    std::string changes;
    for (size_t i = 0; i < count; ++i) {
      changes += (i == 0 ? "" : ",") + std::string(R"({"id":"a","version":1,"updated_at":2})");
    }
    return R"({"changes":[)" + changes + "]}";
  };
  const absl::StatusOr<v1::SyncRequest> full = DecodeSyncRequest(body(kChangesMax));
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(static_cast<size_t>(full->changes_size()), kChangesMax);
  ExpectRefused({"one more", body(kChangesMax + 1), Code::kTooManyChanges, ""});
}

TEST(DecodeSync, RangesAndAlphabetsAreLeftToTheService) {
  EXPECT_TRUE(DecodeSyncRequest(R"({"changes":[{"id":"","version":-1,"updated_at":-1}]})").ok());
}

TEST(EncodeSync, AnAnswerWithNothingNewHasTheMembersThatAreAlwaysThere) {
  v1::SyncResponse response;
  response.set_server_time(kMax);
  response.set_epoch("e1");
  response.set_etag("\"12-1735689800000-40\"");
  response.set_next_sync_in(21600);
  EXPECT_EQ(EncodeSyncResponse(response),
            R"({"updates":[],"deleted":[],"conflicts":[],"rejected":[],"server_time":9223372036854775807,)"
            R"("epoch":"e1","etag":"12-1735689800000-40","has_more":false,"full_resync":false,)"
            R"("next_sync_in":21600})");
}

TEST(EncodeSync, AnUpdateHasOnlyTheFieldsThatChanged) {
  v1::SyncResponse response;
  v1::Task* task = response.add_updates();
  task->set_id("a");
  task->set_version(4);
  task->set_updated_at(1735689700000);
  task->set_device_id("web");
  task->set_content("say \"hi\"");
  v1::Task* revived = response.add_updates();
  *revived = *task;
  revived->set_created_at(1);
  revived->set_completed(false);
  revived->set_pinned(true);
  revived->set_deleted_at(0);
  EXPECT_TRUE(EncodeSyncResponse(response).starts_with(
      R"({"updates":[{"id":"a","version":4,"updated_at":1735689700000,"device_id":"web",)"
      R"("content":"say \"hi\""},{"id":"a","version":4,"updated_at":1735689700000,"device_id":"web",)"
      R"("created_at":1,"content":"say \"hi\"","completed":false,"pinned":true,"deleted_at":null}],)"))
      << EncodeSyncResponse(response);
}

TEST(EncodeSync, AConflictTellsBothEditsAndWhoWon) {
  v1::SyncResponse response;
  v1::Conflict* conflict = response.add_conflicts();
  conflict->set_id("a");
  conflict->set_field(v1::FIELD_DELETED_AT);
  conflict->set_winner(v1::WINNER_CLIENT);
  conflict->mutable_kept()->mutable_value()->set_time(0);
  conflict->mutable_kept()->set_updated_at(5);
  conflict->mutable_kept()->set_device_id("d1");
  conflict->mutable_discarded()->mutable_value()->set_time(7);
  conflict->mutable_discarded()->set_device_id("d2");
  conflict->set_at(9);
  v1::Conflict* other = response.add_conflicts();
  other->set_field(v1::FIELD_PINNED);
  other->set_winner(v1::WINNER_SERVER);
  other->mutable_kept()->mutable_value()->set_flag(true);
  other->mutable_discarded()->mutable_value()->set_text("x");
  const std::string json = EncodeSyncResponse(response);
  EXPECT_NE(json.find(R"("conflicts":[{"id":"a","field":"deleted_at","winner":"client",)"
                      R"("kept":{"value":null,"updated_at":5,"device_id":"d1"},)"
                      R"("discarded":{"value":7,"updated_at":0,"device_id":"d2"},"at":9},)"
                      R"({"id":"","field":"pinned","winner":"server",)"
                      R"("kept":{"value":true,"updated_at":0,"device_id":""},)"
                      R"("discarded":{"value":"x","updated_at":0,"device_id":""},"at":0}])"),
            std::string::npos)
      << json;
}

TEST(EncodeSync, ARejectedChangeKeepsItsNumberIfItHadOne) {
  v1::SyncResponse response;
  v1::Rejected* numbered = response.add_rejected();
  numbered->set_id("a");
  numbered->set_mutation_id(17);
  numbered->set_code("unknown_task");
  numbered->set_detail("why");
  *response.add_rejected() = *numbered;
  response.mutable_rejected(1)->clear_mutation_id();
  const std::string json = EncodeSyncResponse(response);
  EXPECT_NE(json.find(R"("rejected":[{"id":"a","mutation_id":17,"code":"unknown_task","detail":"why"},)"
                      R"({"id":"a","code":"unknown_task","detail":"why"}])"),
            std::string::npos)
      << json;
}

TEST(EncodeSync, APageOfAFullResyncSaysWhyAndHowToGoOn) {
  v1::SyncResponse response;
  response.add_deleted("b");
  response.set_server_time(0);
  response.set_has_more(true);
  response.set_page("p2");
  response.set_full_resync(true);
  response.set_full_resync_reason(v1::FULL_RESYNC_REASON_REWOUND);
  EXPECT_EQ(EncodeSyncResponse(response),
            R"({"updates":[],"deleted":["b"],"conflicts":[],"rejected":[],"server_time":0,"epoch":"",)"
            R"("has_more":true,"page":"p2","full_resync":true,"full_resync_reason":"rewound",)"
            R"("next_sync_in":0})");
  response.set_full_resync_reason(v1::FULL_RESYNC_REASON_PURGED);
  EXPECT_NE(EncodeSyncResponse(response).find(R"("full_resync_reason":"purged")"), std::string::npos);
}

TEST(EncodeSync, ADeferredPullSaysWhenToRetry) {
  v1::SyncResponse response;
  response.set_server_time(7);
  response.set_pull_deferred(true);
  response.set_retry_after(3600);
  const std::string json = EncodeSyncResponse(response);
  EXPECT_NE(json.find(R"("full_resync":false,"pull_deferred":true,"retry_after":3600,)"), std::string::npos);
  EXPECT_EQ(json.find("etag"), std::string::npos);
}

TEST(EncodeSync, ACheckHasNotModifiedAndNoServerTime) {
  v1::SyncResponse response;
  response.set_etag("\"1-2-3\"");
  response.set_not_modified(false);
  const std::string json = EncodeSyncResponse(response);
  EXPECT_NE(json.find(R"("etag":"1-2-3")"), std::string::npos);
  EXPECT_NE(json.find(R"("not_modified":false})"), std::string::npos);
  EXPECT_EQ(json.find("server_time"), std::string::npos);
}

}  // namespace
}  // namespace tidemark::gateway
