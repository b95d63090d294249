#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using HistoryRoutesTest = GatewayTest;

const HeaderList kToken = {{"Authorization", "Bearer a.b.c"}};

v1::HistoryEntry Entry(v1::Field field, v1::Reason reason) {
  v1::HistoryEntry entry;
  entry.set_field(field);
  entry.set_version(2);
  entry.set_updated_at(3);
  entry.set_device_id("desk");
  entry.set_at(9'007'199'254'740'991);
  entry.set_reason(reason);
  return entry;
}

TEST_F(HistoryRoutesTest, EarlierValuesComeWithTheirWriterAndReason) {
  v1::GetHistoryResponse& answer = *sync_.get_history.answer;
  answer.set_id("milk");
  *answer.add_history() = Entry(v1::FIELD_CONTENT, v1::REASON_CONFLICT);
  answer.mutable_history(0)->mutable_value()->set_text("Buy \"milk\"");
  *answer.add_history() = Entry(v1::FIELD_DELETED_AT, v1::REASON_DELETED);
  answer.mutable_history(1)->mutable_value()->set_time(0);
  const http::Response response = Send("GET", "/tasks/milk/history", "", kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"id":"milk","history":[)"
            R"({"field":"content","value":"Buy \"milk\"","version":2,"updated_at":3,"device_id":"desk",)"
            R"("at":9007199254740991,"reason":"conflict"},)"
            R"({"field":"deleted_at","value":null,"version":2,"updated_at":3,"device_id":"desk",)"
            R"("at":9007199254740991,"reason":"deleted"}]})");
  ASSERT_EQ(sync_.get_history.asked.size(), 1u);
  EXPECT_EQ(sync_.get_history.asked[0].id(), "milk");
}

TEST_F(HistoryRoutesTest, AnUnknownTaskIs404) {
  sync_.get_history.answer = Error(Code::kNotFound, "no task milk");
  EXPECT_EQ(Send("GET", "/tasks/milk/history", "", kToken).status, 404);
}

TEST_F(HistoryRoutesTest, NobodyReadsItWithoutAToken) {
  EXPECT_EQ(Send("GET", "/tasks/milk/history").status, 401);
  EXPECT_TRUE(sync_.get_history.asked.empty());
}

}  // namespace
}  // namespace tidemark::gateway
