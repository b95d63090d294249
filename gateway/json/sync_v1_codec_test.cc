#include "gateway/json/sync_v1_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

constexpr std::string_view kLive =
    R"({"id":"task-1","created_at":1,"updated_at":2,"deleted_at":null,"content":"v1","completed":false,)"
    R"("pinned":true,"version":3,"device_id":"desk"})";

std::string Request(std::string_view task) {
  return R"({"last_sync":5,"changes":[)" + std::string(task) + "]}";
}

TEST(DecodeSyncV1, ReadsAFullTask) {
  const absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(Request(kLive));
  ASSERT_TRUE(request.ok()) << request.status().ToString();
  EXPECT_EQ(request->last_sync(), 5);
  ASSERT_EQ(request->changes_size(), 1);
  const v1::Change& change = request->changes(0);
  EXPECT_EQ(change.id(), "task-1");
  EXPECT_EQ(change.created_at(), 1);
  EXPECT_EQ(change.updated_at(), 2);
  EXPECT_EQ(change.content(), "v1");
  EXPECT_TRUE(change.has_completed());
  EXPECT_TRUE(change.pinned());
  EXPECT_EQ(change.version(), 3);
  EXPECT_EQ(change.device_id(), "desk");
  EXPECT_FALSE(change.has_mutation_id());
}

TEST(DecodeSyncV1, EveryChangeSaysWhetherItIsDeleted) {
  const struct {
    const char* member;
    int64_t deleted_at;
  } kRows[] = {{R"("deleted_at":null,)", 0}, {"", 0}, {R"("deleted_at":77,)", 77}};
  for (const auto& row : kRows) {
    std::string task(kLive);
    task.replace(task.find(R"("deleted_at":null,)"), std::string_view(R"("deleted_at":null,)").size(),
                 row.member);
    const absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(Request(task));
    ASSERT_TRUE(request.ok()) << task;
    EXPECT_TRUE(request->changes(0).has_deleted_at()) << task;
    EXPECT_EQ(request->changes(0).deleted_at(), row.deleted_at) << task;
  }
}

TEST(DecodeSyncV1, AnObjectThatIsNotFullIsValidationWithAPointer) {
  for (const char* name : {"id", "updated_at", "content", "completed", "pinned", "version", "device_id"}) {
    std::string task(kLive);
    const std::string member = "\"" + std::string(name) + "\"";
    task.replace(task.find(member), member.size(), "\"other\"");
    const absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(Request(task));
    ASSERT_FALSE(request.ok()) << name;
    EXPECT_EQ(ErrorInfoOf(request.status()).code, Code::kValidation) << name;
    EXPECT_EQ(ErrorInfoOf(request.status()).details.pointer, "/changes/0/" + std::string(name));
  }
}

TEST(DecodeSyncV1, CreatedAtMayBeAbsent) {
  std::string task(kLive);
  task.replace(task.find(R"("created_at")"), 12, R"("ignored")");
  const absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(Request(task));
  ASSERT_TRUE(request.ok());
  EXPECT_FALSE(request->changes(0).has_created_at());
}

TEST(DecodeSyncV1, WrongTypesAreBadTypeWithAPointer) {
  const struct {
    std::string body;
    const char* pointer;
  } kRows[] = {{"[]", ""},
               {R"({"last_sync":"0"})", "/last_sync"},
               {R"({"changes":null})", "/changes"},
               {Request("5"), "/changes/0"},
               {Request(R"({"pinned":null})"), "/changes/0/pinned"},
               {Request(R"({"created_at":null})"), "/changes/0/created_at"}};
  for (const auto& row : kRows) {
    const absl::StatusOr<v1::SyncV1Request> request = DecodeSyncV1Request(row.body);
    ASSERT_FALSE(request.ok()) << row.body;
    EXPECT_EQ(ErrorInfoOf(request.status()).code, Code::kBadType) << row.body;
    EXPECT_EQ(ErrorInfoOf(request.status()).details.pointer, row.pointer);
  }
}

TEST(DecodeSyncV1, AnEmptyObjectAsksForEverythingAndAnEmptyBodyIsNotJson) {
  EXPECT_TRUE(DecodeSyncV1Request("{}").ok());
  EXPECT_EQ(ErrorInfoOf(DecodeSyncV1Request("").status()).code, Code::kMalformedJson);
}

// All parts as one document.
std::string Encode(const std::vector<v1::SyncV1Response>& parts) {
  SyncV1Encoder encoder;
  std::string document;
  for (const v1::SyncV1Response& part : parts) document += encoder.Add(part);
  const absl::StatusOr<std::string> rest = encoder.Finish();
  return rest.ok() ? document + *rest : std::string(rest.status().message());
}

TEST(EncodeSyncV1, EveryTaskCarriesEveryMember) {
  v1::SyncV1Response response;
  v1::Task* live = response.add_updates();
  live->set_id("a");
  live->set_version(2);
  live->set_updated_at(4);
  live->set_device_id("d");
  live->set_created_at(3);
  live->set_content("x");
  live->set_completed(true);
  live->set_pinned(false);
  live->set_deleted_at(0);
  v1::Task* deleted = response.add_updates();
  *deleted = *live;
  deleted->set_deleted_at(8);
  deleted->clear_created_at();
  response.set_server_time(9);
  EXPECT_EQ(Encode({response}),
            R"({"updates":[{"id":"a","created_at":3,"updated_at":4,"deleted_at":null,"content":"x",)"
            R"("completed":true,"pinned":false,"version":2,"device_id":"d"},)"
            R"({"id":"a","created_at":4,"updated_at":4,"deleted_at":8,"content":"x",)"
            R"("completed":true,"pinned":false,"version":2,"device_id":"d"}],)"
            R"("conflicts":[],"server_time":9})");
}

TEST(EncodeSyncV1, AConflictHasTheFormThatItHasForFinalDevices) {
  v1::SyncV1Response response;
  v1::Conflict* conflict = response.add_conflicts();
  conflict->set_id("a");
  conflict->set_field(v1::FIELD_CONTENT);
  conflict->set_winner(v1::WINNER_SERVER);
  conflict->mutable_kept()->mutable_value()->set_text("eggs");
  conflict->mutable_kept()->set_updated_at(5);
  conflict->mutable_kept()->set_device_id("web");
  conflict->mutable_discarded()->mutable_value()->set_text("bread");
  conflict->mutable_discarded()->set_updated_at(4);
  conflict->mutable_discarded()->set_device_id("old");
  conflict->set_at(9);
  response.set_server_time(0);
  EXPECT_EQ(Encode({response}),
            R"({"updates":[],"conflicts":[{"id":"a","field":"content","winner":"server",)"
            R"("kept":{"value":"eggs","updated_at":5,"device_id":"web"},)"
            R"("discarded":{"value":"bread","updated_at":4,"device_id":"old"},"at":9}],"server_time":0})");
}

TEST(EncodeSyncV1, AFullResyncIsToldOnlyWhenItIsOne) {
  v1::SyncV1Response response;
  response.set_server_time(0);
  EXPECT_EQ(Encode({response}), R"({"updates":[],"conflicts":[],"server_time":0})");
  response.set_full_resync(true);
  EXPECT_EQ(Encode({response}), R"({"updates":[],"conflicts":[],"server_time":0,"full_resync":true})");
}

TEST(EncodeSyncV1, PartsAreOneDocument) {
  std::vector<v1::SyncV1Response> parts(3);
  parts[0].set_full_resync(true);
  for (int i = 0; i < 3; ++i) {
    parts[i].add_updates()->set_id("task-" + std::to_string(i));
    parts[i].add_conflicts()->set_at(i);
  }
  parts[2].set_server_time(9);
  const boost::json::value whole = boost::json::parse(Encode(parts));
  ASSERT_EQ(whole.at("updates").as_array().size(), 3u);
  ASSERT_EQ(whole.at("conflicts").as_array().size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(whole.at("updates").at(i).at("id").as_string(), "task-" + std::to_string(i));
    EXPECT_EQ(whole.at("conflicts").at(i).at("at").as_int64(), i);
  }
  EXPECT_EQ(whole.at("server_time").as_int64(), 9);
  EXPECT_TRUE(whole.at("full_resync").as_bool());
}

TEST(EncodeSyncV1, ATaskIsSentWhenItsPartHasCome) {
  v1::SyncV1Response part;
  part.add_updates()->set_id("a");
  SyncV1Encoder encoder;
  EXPECT_THAT(encoder.Add(part), testing::StartsWith(R"({"updates":[{"id":"a")"));
  EXPECT_THAT(encoder.Add(part), testing::StartsWith(R"(,{"id":"a")"));
}

TEST(EncodeSyncV1, PartsWithoutACursorAreNoAnswer) {
  SyncV1Encoder encoder;
  encoder.Add(v1::SyncV1Response());
  EXPECT_EQ(encoder.Finish().status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace tidemark::gateway
