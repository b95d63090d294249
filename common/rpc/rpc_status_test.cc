#include <gtest/gtest.h>

#include <string>

#include "common/rpc/status.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tidemark::rpc {
namespace {

google::rpc::Status ModelOf(const grpc::Status& status) {
  google::rpc::Status model;
  EXPECT_TRUE(model.ParseFromString(status.error_details()));
  return model;
}

TEST(RpcStatus, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

TEST(RpcStatus, CancelledStaysCancelled) {
  EXPECT_EQ(ToGrpc(absl::CancelledError("the client has gone")).error_code(), grpc::StatusCode::CANCELLED);
}

class EveryCode : public testing::TestWithParam<int> {
 protected:
  Code code() const { return static_cast<Code>(GetParam()); }
};

TEST_P(EveryCode, ComesBackWithItsDetails) {
  const absl::Status sent =
      Error(code(), "says what", {.pointer = "/changes/1", .retry_after = absl::Seconds(90.5)});
  const absl::Status back = FromGrpc(ToGrpc(sent));
  EXPECT_EQ(back.code(), InfoOf(code()).status_code);
  const ErrorInfo info = ErrorInfoOf(back);
  EXPECT_EQ(InfoOf(info.code).name, InfoOf(code()).name);
  EXPECT_EQ(info.details.pointer, "/changes/1");
  EXPECT_EQ(info.details.retry_after, absl::Seconds(90.5));
}

TEST_P(EveryCode, IsNamedForAnyGrpcClient) {
  const grpc::Status status = ToGrpc(Error(code(), "says what"));
  EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(InfoOf(code()).status_code));
  const google::rpc::Status model = ModelOf(status);
  EXPECT_EQ(model.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(model.message(), status.error_message());
  ASSERT_EQ(model.details_size(), 1) << "neither RetryInfo nor BadRequest was asked for";
  google::rpc::ErrorInfo reason;
  ASSERT_TRUE(model.details(0).UnpackTo(&reason));
  EXPECT_EQ(reason.reason(), InfoOf(code()).name);
  EXPECT_EQ(reason.domain(), "tidemark");
}

INSTANTIATE_TEST_SUITE_P(Table, EveryCode, testing::Range(0, static_cast<int>(Code::kUnavailable) + 1),
                         [](const testing::TestParamInfo<int>& row) {
                           return std::string(InfoOf(static_cast<Code>(row.param)).name);
                         });

TEST(RpcStatus, CarriesTheMessage) {
  EXPECT_EQ(FromGrpc(ToGrpc(Error(Code::kValidation, "limit is 1,000"))).message(), "limit is 1,000");
}

TEST(RpcStatus, KeepsTheTextOfInternalErrorsInside) {
  const grpc::Status status = ToGrpc(absl::InternalError("relation \"tasks\" does not exist"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(status.error_message(), InfoOf(Code::kInternal).title);
  EXPECT_EQ(status.error_details().find("relation"), std::string::npos);
}

struct TransportRow {
  grpc::StatusCode theirs;
  Code ours;
};

TEST(RpcStatus, ClassesWhatGrpcItselfReports) {
  for (const TransportRow& row : {TransportRow{grpc::StatusCode::UNAVAILABLE, Code::kUnavailable},
                                  TransportRow{grpc::StatusCode::DEADLINE_EXCEEDED, Code::kUnavailable},
                                  TransportRow{grpc::StatusCode::CANCELLED, Code::kUnavailable},
                                  TransportRow{grpc::StatusCode::UNKNOWN, Code::kUnavailable},
                                  TransportRow{grpc::StatusCode::UNIMPLEMENTED, Code::kNotImplemented},
                                  TransportRow{grpc::StatusCode::INTERNAL, Code::kInternal}}) {
    const absl::Status status = FromGrpc(grpc::Status(row.theirs, "by gRPC"));
    EXPECT_EQ(InfoOf(ErrorInfoOf(status).code).name, InfoOf(row.ours).name) << row.theirs;
  }
}

TEST(RpcStatus, SurvivesDetailsThatAreNotOurs) {
  google::rpc::ErrorInfo foreign;
  foreign.set_reason("rate_limited");
  foreign.set_domain("example.com");
  google::rpc::Status model;
  model.add_details()->PackFrom(foreign);
  for (const std::string& details : {std::string("\xFF\xFF not a message"), model.SerializeAsString()}) {
    const absl::Status status = FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "away", details));
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kUnavailable);
  }
}

}  // namespace
}  // namespace tidemark::rpc
