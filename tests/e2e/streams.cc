// A client of tidemark.v1.SyncService, for the end-to-end tests and for measuring:
//
//   tidemark-streams ADDRESS check [IF_NONE_MATCH]
//   tidemark-streams ADDRESS push DEVICE NUMBER ID           a new task, under that number of the device's
//   tidemark-streams ADDRESS watch [COUNT [IF_NONE_MATCH]]   each ETag as a line; COUNT streams at once
//   tidemark-streams ADDRESS pull [LIMIT]                    each page as text, then a line "--"
//   tidemark-streams ADDRESS export                          each part the same way
//
// The access token comes in the variable TIDEMARK_TOKEN. At the end: a line "end" and the call's code, as
// "end UNAVAILABLE unavailable".
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/client.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark {
namespace {

void Say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void Authorize(grpc::ClientContext& context) {
  const char* token = std::getenv("TIDEMARK_TOKEN");
  context.AddMetadata("authorization", std::string("Bearer ") + (token == nullptr ? "" : token));
}

void SayEnd(const grpc::Status& status) {
  if (status.ok()) return Say("end OK ok");
  const absl::Status error = rpc::FromGrpc(status);
  Say("end " + absl::StatusCodeToString(error.code()) + " " +
      std::string(InfoOf(ErrorInfoOf(error).code).name));
}

// Owns itself until its end has been told.
class Watch final : public grpc::ClientReadReactor<v1::WatchResponse> {
 public:
  Watch(v1::SyncService::Stub& stub, const v1::WatchRequest& request, std::promise<void>& ended)
      : request_(request), ended_(ended) {
    Authorize(context_);
    stub.async()->Watch(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    Say(response_.etag());
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    SayEnd(status);
    ended_.set_value();
    delete this;
  }

 private:
  grpc::ClientContext context_;
  const v1::WatchRequest request_;
  v1::WatchResponse response_;
  std::promise<void>& ended_;
};

void WatchAll(v1::SyncService::Stub& stub, int count, const std::string& if_none_match) {
  v1::WatchRequest request;
  if (!if_none_match.empty()) request.set_if_none_match(if_none_match);
  std::vector<std::promise<void>> ended(static_cast<std::size_t>(count));
  for (std::promise<void>& end : ended) new Watch(stub, request, end);
  for (std::promise<void>& end : ended) end.get_future().wait();
}

template <typename Response>
void Print(grpc::ClientReader<Response>& reader) {
  Response response;
  while (reader.Read(&response)) Say(response.DebugString() + "--");
  SayEnd(reader.Finish());
}

void Check(v1::SyncService::Stub& stub, grpc::ClientContext& context, const std::string& if_none_match) {
  v1::CheckRequest request;
  if (!if_none_match.empty()) request.set_if_none_match(if_none_match);
  v1::CheckResponse response;
  SayEnd(stub.Check(&context, request, &response));
}

void Push(v1::SyncService::Stub& stub, grpc::ClientContext& context, const std::string& device,
          int64_t number, const std::string& id) {
  v1::SyncRequest request;
  request.set_device_id(device);
  v1::Change& change = *request.add_changes();
  change.set_id(id);
  change.set_mutation_id(number);
  change.set_version(1);
  // The same at each try, as the same change is.
  change.set_updated_at(number);
  change.set_content("pushed under load");
  v1::SyncResponse response;
  SayEnd(stub.Sync(&context, request, &response));
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return 2;
  const auto argument = [&](std::size_t index) { return index < arguments.size() ? arguments[index] : ""; };
  const auto stub = v1::SyncService::NewStub(rpc::NewChannel(arguments[0]));
  grpc::ClientContext context;
  Authorize(context);
  if (arguments[1] == "watch") {
    WatchAll(*stub, argument(2).empty() ? 1 : std::stoi(argument(2)), argument(3));
  } else if (arguments[1] == "check") {
    Check(*stub, context, argument(2));
  } else if (arguments[1] == "push") {
    Push(*stub, context, argument(2), std::stoll(argument(3)), argument(4));
  } else if (arguments[1] == "pull") {
    v1::PullRequest request;
    if (!argument(2).empty()) request.set_limit(std::stoi(argument(2)));
    Print(*stub->Pull(&context, request));
  } else if (arguments[1] == "export") {
    Print(*stub->Export(&context, v1::ExportRequest()));
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) { return tidemark::Main({argv + 1, argv + argc}); }
