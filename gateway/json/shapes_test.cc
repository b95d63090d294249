// The tables of the JSON API against the descriptors of the protos: nothing is forgotten, and every table
// says what the descriptor says (reference_testing.h), in both directions.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <random>
#include <set>
#include <string>

#include "gateway/json/auth_shapes.h"
#include "gateway/json/reference_testing.h"
#include "gateway/json/status_shapes.h"
#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

using Names = std::set<std::string>;

class Random : public Source {
 public:
  explicit Random(uint64_t seed) : random_(seed) {}
  int64_t Number(int64_t max) override { return std::uniform_int_distribution<int64_t>(0, max)(random_); }
  std::string Bytes(size_t size_max) override {
    std::string bytes(static_cast<size_t>(Number(static_cast<int64_t>(size_max))), '\0');
    // Mostly letters, so that not every text is Latin-1.
    for (char& c : bytes) c = static_cast<char>(Number(20) == 0 ? Number(255) : 'a' + Number(25));
    return bytes;
  }

 private:
  std::mt19937_64 random_;
};

// Messages as JSON and back, and both as the descriptors have them.
template <typename Shape>
void ExpectAsDescribed(const Shape& shape, bool full_tasks) {
  using Message = typename Shape::Message;
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    Message message;
    Fill(message, random);
    const std::string json = EncodeObject(shape, message);
    ASSERT_EQ(boost::json::parse(json), ReferenceJson(message, full_tasks)) << message.DebugString();
    const absl::StatusOr<Message> again = DecodeObject(json, shape);
    ASSERT_TRUE(again.ok()) << again.status() << " " << json;
    ASSERT_EQ(EncodeObject(shape, *again), json);
  }
}

struct Table {
  const Descriptor* message;
  Names members;
  bool full_tasks;
  void (*expect_as_described)();
};

template <const auto& kTable, bool kFullTasks = false>
Table TableOf() {
  using Shape = std::remove_cvref_t<decltype(kTable)>;
  Table table{Shape::Message::descriptor(), {}, kFullTasks, [] { ExpectAsDescribed(kTable, kFullTasks); }};
  for (const auto& member : Shape::kMembers) table.members.emplace(member.name);
  return table;
}

std::vector<Table> Tables() {
  return {
      TableOf<kShape<v1::SyncRequest>>(),
      TableOf<kShape<v1::SyncResponse>>(),
      TableOf<kShape<v1::SyncV1Request>, true>(),
      TableOf<kShape<v1::SyncV1Response>, true>(),
      TableOf<kShape<v1::ListDevicesResponse>>(),
      TableOf<kShape<v1::Device>>(),
      TableOf<kShape<v1::GetHistoryResponse>>(),
      TableOf<kShape<v1::HistoryEntry>>(),
      TableOf<kShape<v1::ExportResponse>, true>(),
      TableOf<kShape<v1::GetUsageResponse>>(),
      TableOf<kShape<v1::BucketUsage>>(),
      TableOf<kShape<v1::BudgetUsage>>(),
      TableOf<kShape<v1::QuotaUsage>>(),
      TableOf<kShape<v1::Limits>>(),
      TableOf<kShape<v1::Change>>(),
      TableOf<kFullChange, true>(),
      TableOf<kShape<v1::Task>>(),
      TableOf<kFullTask, true>(),
      TableOf<kShape<v1::FieldEdit>>(),
      TableOf<kShape<v1::Conflict>>(),
      TableOf<kShape<v1::Rejected>>(),
      TableOf<kShape<v1::RegisterRequest>>(),
      TableOf<kShape<v1::LoginRequest>>(),
      TableOf<kShape<v1::RefreshRequest>>(),
      TableOf<kShape<v1::LogoutRequest>>(),
      TableOf<kShape<v1::ChangePasswordRequest>>(),
      TableOf<kShape<v1::DeleteAccountRequest>>(),
      TableOf<kShape<v1::Tokens>>(),
      TableOf<kShape<v1::Session>>(),
      TableOf<kShape<v1::ListSessionsResponse>>(),
      TableOf<kShape<v1::Jwk>>(),
      TableOf<kShape<v1::GetJwksResponse>>(),
      TableOf<kShape<v1::ProcessStatus>>(),
      TableOf<kShape<v1::DependencyStatus>>(),
      TableOf<kShape<v1::CacheTierStatus>>(),
  };
}

// The messages of the protos that are no JSON object, and why.
const std::map<std::string, std::string>& NoObjects() {
  static const auto* const rows = new std::map<std::string, std::string>{
      {"FieldValue", "the value alone, by a switch that the compiler holds to be whole"},
      {"CheckRequest", "the query and a header of GET /sync/check"},
      {"CheckResponse", "the status and a header"},
      {"RegisterResponse", "its tokens are the answer"},
      {"LoginResponse", "its tokens are the answer"},
      {"RefreshResponse", "its tokens are the answer"},
      {"RevokeSessionRequest", "the path"},
      {"GetHistoryRequest", "the path"},
      {"PullRequest", "gRPC alone: POST /sync has pages"},
      {"WatchRequest", "a header of GET /sync/stream"},
      {"WatchResponse", "an event of GET /sync/stream"},
      {"EraseUserRequest", "between services"},
      {"GetStatusResponse", "part of GET /status.json, which has more"},
      {"WatchRevocationsRequest", "between services"},
      {"WatchRevocationsResponse", "between services"},
      {"RevokedSession", "between services"},
  };
  return *rows;
}

const Exception* ExceptionOf(const FieldDescriptor& field) {
  for (const Exception& row : Exceptions()) {
    if (field.full_name() == "tidemark.v1." + std::string(row.field)) return &row;
  }
  return nullptr;
}

// What the table of `message` is to name.
Names MembersToBe(const Table& table) {
  Names members;
  for (int i = 0; i < table.message->field_count(); ++i) {
    const FieldDescriptor& field = *table.message->field(i);
    const Exception* exception = ExceptionOf(field);
    const bool left_out =
        exception != nullptr && (exception->kind == Exception::Kind::kNotInJson ||
                                 (exception->kind == Exception::Kind::kNotInFull && table.full_tasks));
    if (!left_out) members.insert(field.name());
  }
  return members;
}

void AddWithAllInside(const Descriptor& message, std::set<const Descriptor*>& all) {
  if (!all.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* inside = message.field(i)->message_type();
    if (inside != nullptr) AddWithAllInside(*inside, all);
  }
}

// Of the rpcs that the gateway's routes stand for.
std::set<const Descriptor*> AllMessages() {
  std::set<const Descriptor*> all;
  for (const auto* file : {v1::SyncRequest::descriptor()->file(), v1::Tokens::descriptor()->file(),
                           v1::GetStatusRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      const MethodDescriptor& method = *file->service(0)->method(i);
      AddWithAllInside(*method.input_type(), all);
      AddWithAllInside(*method.output_type(), all);
    }
  }
  return all;
}

TEST(JsonTables, EveryMessageOfTheApiHasATableOrAReasonToHaveNone) {
  Names with_table;
  for (const Table& table : Tables()) with_table.insert(table.message->name());
  Names messages;
  for (const Descriptor* message : AllMessages()) {
    const bool empty = message->field_count() == 0;
    messages.insert(message->name());
    EXPECT_EQ(with_table.contains(message->name()) + NoObjects().contains(message->name()), empty ? 0 : 1)
        << message->name()
        << " needs a table (sync_shapes.h …) that stands in Tables(), or a row in NoObjects()";
  }
  for (const auto& [name, why] : NoObjects()) EXPECT_THAT(messages, testing::Contains(name)) << why;
}

TEST(JsonTables, EveryFieldIsAMemberOrAnException) {
  for (const Table& table : Tables()) {
    EXPECT_EQ(table.members, MembersToBe(table))
        << table.message->name() << ": a field is a member of its table, or a row of Exceptions()";
  }
}

TEST(JsonTables, EveryExceptionIsAboutAFieldThatIsThere) {
  Names fields;
  for (const Descriptor* message : AllMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      fields.insert(message->name() + "." + message->field(i)->name());
    }
  }
  for (const Exception& row : Exceptions()) {
    EXPECT_THAT(fields, testing::Contains(std::string(row.field))) << row.why;
  }
}

TEST(JsonTables, WriteWhatTheDescriptorsSayAndReadWhatTheyWrote) {
  for (const Table& table : Tables()) {
    SCOPED_TRACE(table.message->name());
    table.expect_as_described();
  }
}

template <typename Message, typename Shape>
void ExpectEqualAgain(const Shape& shape) {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    Message message;
    Fill(message, random);
    const absl::StatusOr<Message> again = DecodeObject(EncodeObject(shape, message), shape);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*again, message)) << message.DebugString();
  }
}

TEST(JsonTables, WhatIsReadFromARequestThatWasWrittenIsTheRequest) {
  ExpectEqualAgain<v1::Change>(kShape<v1::Change>);
  ExpectEqualAgain<v1::RegisterRequest>(kShape<v1::RegisterRequest>);
  ExpectEqualAgain<v1::LogoutRequest>(kShape<v1::LogoutRequest>);
  ExpectEqualAgain<v1::ChangePasswordRequest>(kShape<v1::ChangePasswordRequest>);
  ExpectEqualAgain<v1::DeleteAccountRequest>(kShape<v1::DeleteAccountRequest>);
}

TEST(JsonTables, ARequestWithoutAnythingIsWrittenAsTheCheckThatItIs) {
  EXPECT_EQ(EncodeObject(kShape<v1::SyncRequest>, v1::SyncRequest()), "{}");
}

TEST(JsonTables, AnEnumThatNobodyKnowsIsReadAsBadType) {
  const absl::StatusOr<v1::Conflict> conflict = DecodeObject(R"({"winner":"nobody"})", kShape<v1::Conflict>);
  EXPECT_EQ(ErrorInfoOf(conflict.status()).code, Code::kBadType);
  EXPECT_EQ(ErrorInfoOf(conflict.status()).details.pointer, "/winner");
}

}  // namespace
}  // namespace tidemark::gateway
