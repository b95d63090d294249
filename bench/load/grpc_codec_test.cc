#include "bench/load/grpc_codec.h"

#include <gtest/gtest.h>

#include "bench/load/sample_asks.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::bench {
namespace {

TEST(GrpcCodec, APushSaysWhatTheJsonSays) {
  const v1::SyncRequest request = EncodeSync(SamplePush());
  EXPECT_EQ(request.last_sync(), 5);
  EXPECT_EQ(request.epoch(), "e1");
  EXPECT_EQ(request.acked(), 20);
  EXPECT_EQ(request.limit(), 100);
  EXPECT_FALSE(request.has_page());
  ASSERT_EQ(request.changes_size(), 1);
  EXPECT_EQ(request.changes(0).id(), "task-1");
  EXPECT_EQ(request.changes(0).mutation_id(), 21);
  EXPECT_EQ(request.changes(0).version(), 2);
  EXPECT_EQ(request.changes(0).updated_at(), 7);
  EXPECT_TRUE(request.changes(0).has_content());
  EXPECT_FALSE(request.changes(0).has_completed());
}

TEST(GrpcCodec, KnowsWhereAnAnswerLeavesTheDevice) {
  v1::SyncResponse response;
  response.add_updates();
  response.set_has_more(true);
  response.set_page("p2");
  Reply reply;
  Decode(response, reply);
  EXPECT_TRUE(reply.complete);
  EXPECT_TRUE(reply.has_more);
  EXPECT_EQ(reply.page, "p2");
  EXPECT_EQ(reply.tasks, 1);
}

TEST(GrpcCodec, WhatWasRejectedDeferredOrBegunAnewIsNotComplete) {
  v1::SyncResponse rejected, deferred, anew;
  rejected.add_rejected();
  deferred.set_pull_deferred(true);
  anew.set_full_resync(true);
  for (const v1::SyncResponse& response : {rejected, deferred, anew}) {
    Reply reply;
    Decode(response, reply);
    EXPECT_FALSE(reply.complete) << response.DebugString();
  }
}

TEST(GrpcCodec, AnErrorIsToldByStatusAndCode) {
  const Reply reply = Answered(rpc::ToGrpc(Error(Code::kRateLimited, "too many")));
  EXPECT_FALSE(reply.ok);
  EXPECT_EQ(reply.told, "RESOURCE_EXHAUSTED rate_limited");
  EXPECT_TRUE(Answered(grpc::Status::OK).ok);
}

}  // namespace
}  // namespace tidemark::bench
