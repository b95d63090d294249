#include <gtest/gtest.h>

#include "client/transport/grpc/convert.h"

namespace tidemark::client {
namespace {

TEST(ClientConvert, AChangeGivesOnlyWhatWasEdited) {
  SyncAsk ask{.last_sync = {7}, .epoch = Epoch("e1"), .device = DeviceId("phone"), .acked = {3}};
  Change change{
      .id = TaskId("a"), .number = {4}, .version = {2}, .updated_at = {9}, .device = DeviceId("phone")};
  change.fields.completed = true;
  change.fields.deleted_at = kLive;
  ask.changes.push_back(change);
  const v1::SyncRequest message = ToProto(ask);
  EXPECT_EQ(message.last_sync(), 7);
  EXPECT_EQ(message.epoch(), "e1");
  EXPECT_EQ(message.acked(), 3);
  EXPECT_FALSE(message.has_client_time());
  EXPECT_FALSE(message.has_page());
  ASSERT_EQ(message.changes_size(), 1);
  EXPECT_FALSE(message.changes(0).has_content());
  EXPECT_FALSE(message.changes(0).has_created_at());
  EXPECT_TRUE(message.changes(0).completed());
  // Present and 0: a restore.
  EXPECT_TRUE(message.changes(0).has_deleted_at());
  EXPECT_EQ(message.changes(0).deleted_at(), 0);
  EXPECT_EQ(message.changes(0).mutation_id(), 4);
}

TEST(ClientConvert, AV1ChangeHasNoNumber) {
  V1Ask ask;
  ask.changes.push_back({.id = TaskId("a"), .version = {1}, .updated_at = {9}});
  EXPECT_FALSE(ToProto(ask).changes(0).has_mutation_id());
}

TEST(ClientConvert, APageTellsWhatItHolds) {
  v1::SyncResponse message;
  v1::Task& task = *message.add_updates();
  task.set_id("a");
  task.set_version(3);
  task.set_pinned(true);
  message.add_deleted("b");
  v1::Conflict& conflict = *message.add_conflicts();
  conflict.set_id("a");
  conflict.set_field(v1::FIELD_CONTENT);
  conflict.set_winner(v1::WINNER_CLIENT);
  conflict.mutable_kept()->mutable_value()->set_text("kept");
  conflict.mutable_discarded()->mutable_value()->set_text("discarded");
  conflict.set_at(11);
  message.set_server_time(12);
  message.set_epoch("e1");
  message.set_etag("\"1-12-3\"");
  message.set_next_sync_in(60);
  const Page page = FromProto(message);
  ASSERT_EQ(page.updates.size(), 1u);
  EXPECT_EQ(page.updates[0].fields.pinned, true);
  EXPECT_FALSE(page.updates[0].fields.content);
  EXPECT_FALSE(page.updates[0].created_at);
  EXPECT_EQ(page.deleted, std::vector<TaskId>({TaskId("b")}));
  ASSERT_EQ(page.conflicts.size(), 1u);
  EXPECT_EQ(page.conflicts[0].winner, Winner::kClient);
  EXPECT_EQ(page.conflicts[0].kept.value, FieldValue(std::string("kept")));
  EXPECT_EQ(page.server_time, Stamp{12});
  EXPECT_EQ(page.etag, "\"1-12-3\"");
  EXPECT_EQ(page.next_sync_in, absl::Minutes(1));
  EXPECT_FALSE(page.page);
  EXPECT_FALSE(page.full_resync);
  EXPECT_FALSE(page.pull_deferred);
}

TEST(ClientConvert, APageSaysWhyItStartsOverAndWhatFollows) {
  v1::SyncResponse message;
  message.set_full_resync(true);
  message.set_full_resync_reason(v1::FULL_RESYNC_REASON_REWOUND);
  message.set_has_more(true);
  message.set_page("next");
  EXPECT_EQ(FromProto(message).full_resync, Resync::kRewound);
  EXPECT_EQ(FromProto(message).page, "next");
  EXPECT_FALSE(FromProto(message).etag);
  message.set_full_resync_reason(v1::FULL_RESYNC_REASON_PURGED);
  EXPECT_EQ(FromProto(message).full_resync, Resync::kPurged);
}

TEST(ClientConvert, ADeferredPullSaysForHowLong) {
  v1::SyncResponse message;
  message.set_pull_deferred(true);
  message.set_retry_after(90);
  EXPECT_EQ(FromProto(message).pull_deferred, absl::Seconds(90));
}

TEST(ClientConvert, AV1AnswerIsTheSumOfItsParts) {
  V1Page page;
  v1::SyncV1Response part;
  part.set_full_resync(true);
  part.add_updates()->set_id("a");
  AddPart(part, page);
  part.Clear();
  part.add_updates()->set_id("b");
  part.set_server_time(5);
  AddPart(part, page);
  EXPECT_EQ(page.updates.size(), 2u);
  EXPECT_TRUE(page.full_resync);
  EXPECT_EQ(page.server_time, Stamp{5});
}

}  // namespace
}  // namespace tidemark::client
