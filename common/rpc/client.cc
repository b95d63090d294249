#include "common/rpc/client.h"

#include <chrono>
#include <utility>

#include "common/rpc/grpc_setup.h"
#include "common/rpc/limits.h"
#include "common/rpc/metadata.h"
#include "common/rpc/target.h"

namespace tidemark::rpc {
namespace {

// Between two attempts. Short: what is away is mostly a neighbour that restarts.
constexpr int kReconnectMinMillis = 50;
constexpr int kReconnectMaxMillis = 250;
constexpr int kConnectTimeoutMillis = 1000;
// gRPC waits half a minute, too long after replicas have been replaced.
constexpr int kLookUpAgainMillis = 1000;

// Of several addresses each in turn gets the next call or stream, but for those that say by gRPC's health
// service that they stop, or have not begun yet (server.cc).
constexpr char kServiceConfig[] =
    R"({"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}})";

void Add(grpc::ClientContext& context, std::string_view key, const std::string& value) {
  if (!value.empty()) context.AddMetadata(std::string(key), MetadataValue(value));
}

void Take(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, ClientCall& call) {
  for (const auto& [key, value] : metadata) {
    call.trailers[std::string(key.data(), key.size())] = std::string(value.data(), value.size());
  }
}

// `addresses`: what the service is called by; `target`: all of them, or one.
std::shared_ptr<grpc::Channel> Connect(const std::string& target, const std::string& addresses,
                                       const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  SetUpGrpc();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetMaxSendMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMinMillis);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  // Also while a stream rests: else gRPC asks twice and then no more.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetServiceConfigJSON(kServiceConfig);
  // One by one the addresses of a name ask to be left after a while (server.cc), and it is looked up anew.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kLookUpAgainMillis);
  // Our processes are never behind the proxy that http_proxy may name.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // gRPC would take an address, or a list of them, for the name. It is the authority of calls, too.
  arguments.SetSslTargetNameOverride(ServerNameOf(addresses));
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

}  // namespace

std::shared_ptr<grpc::Channel> NewChannel(const std::string& addresses,
                                          const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  return Connect(TargetOf(addresses).value_or(addresses), addresses, credentials);
}

Replicas ReplicasOf(const std::string& addresses,
                    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  return {.addresses = NewAddressFeed(addresses),
          .connect = [addresses, credentials](const std::string& address) {
            return Connect(address, addresses, credentials);
          }};
}

void AddMetadata(const ClientCall& call, grpc::ClientContext& context) {
  Add(context, kRequestId, call.origin.request_id);
  if (call.origin.span.exists())
    context.AddMetadata(std::string(kTraceparent), Traceparent(call.origin.span));
  Add(context, kAuthorization, call.authorization);
  Add(context, kServiceToken, call.service_token);
  Add(context, kForwardedFor, call.forwarded_for);
}

void Prepare(const ClientCall& call, grpc::ClientContext& context) {
  AddMetadata(call, context);
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(call.timeout));
}

void TakeHeaders(const grpc::ClientContext& context, ClientCall& call) {
  Take(context.GetServerInitialMetadata(), call);
}

void TakeTrailers(const grpc::ClientContext& context, ClientCall& call) {
  Take(context.GetServerTrailingMetadata(), call);
}

}  // namespace tidemark::rpc
