// tidemark-echo-load: keeps a check under way on each of its connections to a gRPC server for a while and
// prints one line of JSON, as tidemark-load does. It sends no token: it is for tidemark-echo-server.
//
//   tidemark-echo-load --address 127.0.0.1:15001 --connections 64 --seconds 5
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "common/settings/settings.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kEtag[] = "\"100-1735689800000-340\"";
constexpr char kDevice[] = "phone-of-ada";

struct Settings {
  std::string address;
  int connections = 64;
  int seconds = 5;
};

// Keeps one call under way at a time. Its callbacks never overlap, so nothing in it is shared.
class Caller {
 public:
  Caller(v1::SyncService::Stub& stub, Clock::time_point end, std::latch& ended)
      : stub_(stub), end_(end), ended_(ended) {
    request_.set_if_none_match(kEtag);
    request_.set_device_id(kDevice);
  }

  void Start() {
    context_ = std::make_unique<grpc::ClientContext>();
    began_ = Clock::now();
    stub_.async()->Check(context_.get(), &request_, &response_,
                         [this](const grpc::Status& status) { Finish(status); });
  }

  const std::vector<int>& micros() const { return micros_; }
  int errors() const { return errors_; }

 private:
  void Finish(const grpc::Status& status) {
    const Clock::time_point now = Clock::now();
    if (status.ok() && response_.etag() == kEtag) {
      micros_.push_back(
          static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(now - began_).count()));
    } else {
      ++errors_;
    }
    if (now < end_) {
      Start();
    } else {
      ended_.count_down();
    }
  }

  v1::SyncService::Stub& stub_;
  const Clock::time_point end_;
  std::latch& ended_;
  v1::CheckRequest request_;
  v1::CheckResponse response_;
  std::unique_ptr<grpc::ClientContext> context_;
  Clock::time_point began_;
  std::vector<int> micros_;
  int errors_ = 0;
};

// Channels to one address share a connection unless told otherwise.
std::unique_ptr<v1::SyncService::Stub> NewConnection(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1::SyncService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

int Quantile(const std::vector<int>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void Print(const Settings& s, const std::vector<std::unique_ptr<Caller>>& callers, double seconds) {
  std::vector<int> micros;
  int errors = 0;
  for (const auto& caller : callers) {
    micros.insert(micros.end(), caller->micros().begin(), caller->micros().end());
    errors += caller->errors();
  }
  std::sort(micros.begin(), micros.end());
  std::printf(
      R"({"work":"echo","transport":"grpc","loop":"closed","connections":%d,"requests":%zu,"errors":%d,)"
      R"("seconds":%.3f,"requests_per_second":%.1f,)"
      R"("latency_us":{"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}})"
      "\n",
      s.connections, micros.size(), errors, seconds, static_cast<double>(micros.size()) / seconds,
      Quantile(micros, 0.5), Quantile(micros, 0.9), Quantile(micros, 0.99), Quantile(micros, 0.999),
      Quantile(micros, 1));
}

void Run(const Settings& s) {
  std::vector<std::unique_ptr<v1::SyncService::Stub>> stubs;
  stubs.reserve(s.connections);
  for (int i = 0; i < s.connections; ++i) stubs.push_back(NewConnection(s.address));
  const Clock::time_point began = Clock::now();
  std::latch ended(s.connections);
  std::vector<std::unique_ptr<Caller>> callers;
  callers.reserve(s.connections);
  for (int i = 0; i < s.connections; ++i) {
    callers.push_back(std::make_unique<Caller>(*stubs[i], began + std::chrono::seconds(s.seconds), ended));
  }
  for (const auto& caller : callers) caller->Start();
  ended.wait();
  Print(s, callers, std::chrono::duration<double>(Clock::now() - began).count());
}

}  // namespace
}  // namespace tidemark::bench

int main(int argc, char** argv) {
  tidemark::bench::Settings settings;
  tidemark::settings::Table table("tidemark-echo-load", "Keeps checks under way to an echo server.");
  table.Add("address", &settings.address, "the server, host:port").Required();
  table.Add("connections", &settings.connections, "how many are under way at once, each on its own")
      .Range(1, 10'000);
  table.Add("seconds", &settings.seconds, "for how long").Range(1, 3'600);
  if (std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;
  tidemark::bench::Run(settings);
}
