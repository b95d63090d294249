#include "bench/load/grpc_load.h"

#include <grpcpp/grpcpp.h>

#include <optional>
#include <utility>
#include <vector>

#include "bench/load/grpc_codec.h"
#include "tidemark/v1/auth.grpc.pb.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::bench {
namespace {

constexpr int kConnectionsMax = 4;
constexpr std::chrono::seconds kTimeout(30);

Time Now() { return std::chrono::steady_clock::now(); }

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  // Otherwise all channels to one address share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(8 * 1024 * 1024);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// What a connection offers.
struct Stubs {
  explicit Stubs(const GrpcAddresses& addresses)
      : sync(v1::SyncService::NewStub(NewChannel(addresses.sync))),
        auth(v1::AuthService::NewStub(NewChannel(addresses.auth))) {}

  std::unique_ptr<v1::SyncService::Stub> sync;
  std::unique_ptr<v1::AuthService::Stub> auth;
};

// A call under way. Its address is its tag in the completion queue.
class Call {
 public:
  virtual ~Call() = default;
  // What came of it, once the queue has told its tag.
  virtual Reply Take() = 0;
};

template <typename Request, typename Response>
class UnaryCall : public Call {
 public:
  // `start`: the stub's Async method.
  template <typename Start>
  UnaryCall(const Ask& ask, Request request, void* tag, Start start) : request_(std::move(request)) {
    context_.set_deadline(std::chrono::system_clock::now() + kTimeout);
    context_.AddMetadata("authorization", "Bearer " + std::string(ask.token));
    reader_ = start(&context_, request_);
    reader_->Finish(&response_, &status_, tag);
  }

  Reply Take() override {
    Reply reply = Answered(status_);
    reply.bytes_sent = static_cast<int64_t>(request_.ByteSizeLong());
    if (!reply.ok) return reply;
    Decode(response_, reply);
    reply.body_bytes = static_cast<int64_t>(response_.ByteSizeLong());
    reply.bytes_received = reply.body_bytes;
    return reply;
  }

 private:
  grpc::ClientContext context_;
  const Request request_;
  Response response_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
};

class CallLane : public Lane {
 public:
  // Both outlive it.
  CallLane(Stubs& stubs, grpc::CompletionQueue& queue) : stubs_(stubs), queue_(queue) {}

  void Send(const Ask& ask) override { call_ = NewCall(ask); }
  Reply Take() { return call_->Take(); }

 private:
  std::unique_ptr<Call> NewCall(const Ask& ask) {
    switch (ask.rpc) {
      case Rpc::kCheck:
        return std::make_unique<UnaryCall<v1::CheckRequest, v1::CheckResponse>>(
            ask, EncodeCheck(ask), this,
            [this](grpc::ClientContext* context, const v1::CheckRequest& request) {
              return stubs_.sync->AsyncCheck(context, request, &queue_);
            });
      case Rpc::kSync:
        return std::make_unique<UnaryCall<v1::SyncRequest, v1::SyncResponse>>(
            ask, EncodeSync(ask), this, [this](grpc::ClientContext* context, const v1::SyncRequest& request) {
              return stubs_.sync->AsyncSync(context, request, &queue_);
            });
      case Rpc::kLogin:
        return std::make_unique<UnaryCall<v1::LoginRequest, v1::LoginResponse>>(
            ask, EncodeLogin(ask), this,
            [this](grpc::ClientContext* context, const v1::LoginRequest& request) {
              return stubs_.auth->AsyncLogin(context, request, &queue_);
            });
    }
    return nullptr;
  }

  Stubs& stubs_;
  grpc::CompletionQueue& queue_;
  std::unique_ptr<Call> call_;
};

std::chrono::system_clock::time_point SystemTimeOf(Time time) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(time - Now());
}

}  // namespace

struct GrpcLoad::Impl {
  Impl(const GrpcAddresses& addresses, int calls) {
    for (int i = 0; i < std::min(calls, kConnectionsMax); ++i)
      connections.push_back(std::make_unique<Stubs>(addresses));
    for (int i = 0; i < calls; ++i) {
      Stubs& stubs = *connections[static_cast<std::size_t>(i) % connections.size()];
      lanes.push_back(std::make_unique<CallLane>(stubs, queue));
    }
  }

  // The next lane that has its answer; nothing at `wake_at`.
  CallLane* AwaitAnswer(std::optional<Time> wake_at) {
    void* tag = nullptr;
    bool ok = false;
    if (!wake_at) {
      queue.Next(&tag, &ok);
    } else if (queue.AsyncNext(&tag, &ok, SystemTimeOf(*wake_at)) != grpc::CompletionQueue::GOT_EVENT) {
      return nullptr;
    }
    return static_cast<CallLane*>(tag);
  }

  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Stubs>> connections;
  std::vector<std::unique_ptr<CallLane>> lanes;
};

GrpcLoad::GrpcLoad(const GrpcAddresses& addresses, int calls)
    : impl_(std::make_unique<Impl>(addresses, calls)) {}
GrpcLoad::~GrpcLoad() = default;

void GrpcLoad::Run(Driver& driver) {
  for (const auto& lane : impl_->lanes) driver.AddLane(*lane);
  driver.Drive(Now());
  while (!driver.IsOver(Now())) {
    CallLane* lane = impl_->AwaitAnswer(driver.WakeAt(Now()));
    if (lane == nullptr) {
      driver.Drive(Now());
    } else {
      driver.Answered(*lane, lane->Take(), Now());
    }
  }
}

}  // namespace tidemark::bench
