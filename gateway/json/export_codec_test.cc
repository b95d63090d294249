#include "gateway/json/export_codec.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

namespace tidemark::gateway {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};

std::string Encode(const std::vector<v1::ExportResponse>& parts) {
  ExportEncoder encoder(kNow);
  std::string document;
  for (const v1::ExportResponse& part : parts) document += encoder.Add(part);
  const absl::StatusOr<std::string> rest = encoder.Finish();
  return rest.ok() ? document + *rest : std::string(rest.status().message());
}

v1::ExportResponse WithTask(const std::string& id) {
  v1::ExportResponse part;
  part.add_tasks()->set_id(id);
  return part;
}

v1::ExportResponse WithHistory(const std::string& id, const std::string& value) {
  v1::ExportResponse part;
  v1::GetHistoryResponse* history = part.add_histories();
  history->set_id(id);
  v1::HistoryEntry* entry = history->add_history();
  entry->set_field(v1::FIELD_CONTENT);
  entry->mutable_value()->set_text(value);
  return part;
}

TEST(ExportEncoder, AnExportOfNothingIsWhole) {
  EXPECT_EQ(Encode({}), R"({"exported_at":1735689600000,"tasks":[],"histories":[]})");
}

TEST(ExportEncoder, ATaskCarriesEveryMemberAndAHistoryItsEntries) {
  v1::ExportResponse part = WithHistory("a", "before");
  v1::Task* task = part.add_tasks();
  task->set_id("a");
  task->set_created_at(1);
  task->set_updated_at(2);
  task->set_deleted_at(3);
  task->set_content("now");
  task->set_pinned(true);
  task->set_version(4);
  task->set_device_id("desk");
  EXPECT_EQ(Encode({part}),
            R"({"exported_at":1735689600000,"tasks":[{"id":"a","created_at":1,"updated_at":2,"deleted_at":3,)"
            R"("content":"now","completed":false,"pinned":true,"version":4,"device_id":"desk"}],)"
            R"("histories":[{"id":"a","history":[{"field":"content","value":"before","version":0,)"
            R"("updated_at":0,"device_id":"","at":0,"reason":"overwritten"}]}]})");
}

TEST(ExportEncoder, AHistoryThatGoesOnInTheNextPartIsOne) {
  const boost::json::value whole = boost::json::parse(
      Encode({WithTask("a"), WithHistory("a", "3"), WithHistory("a", "2"), WithHistory("b", "1")}));
  const boost::json::array& histories = whole.at("histories").as_array();
  ASSERT_EQ(histories.size(), 2u);
  EXPECT_EQ(histories[0].at("id").as_string(), "a");
  EXPECT_EQ(histories[0].at("history").at(0).at("value").as_string(), "3");
  EXPECT_EQ(histories[0].at("history").at(1).at("value").as_string(), "2");
  EXPECT_EQ(histories[1].at("id").as_string(), "b");
}

TEST(ExportEncoder, AHistoryWithoutAnIdIsOneLikeTheOthers) {
  EXPECT_EQ(Encode({WithHistory("", "1")}),
            R"({"exported_at":1735689600000,"tasks":[],"histories":[{"id":"","history":[{"field":"content",)"
            R"("value":"1","version":0,"updated_at":0,"device_id":"","at":0,"reason":"overwritten"}]}]})");
}

TEST(ExportEncoder, ATaskThatComesTooLateIsAnErrorAndNotLeftOut) {
  ExportEncoder encoder(kNow);
  encoder.Add(WithHistory("a", "1"));
  EXPECT_EQ(encoder.Add(WithTask("b")), "");
  EXPECT_EQ(encoder.Finish().status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace tidemark::gateway
