#include <atomic>
#include <utility>

#include "common/http/server.h"
#include "common/log/log.h"
#include "common/metrics/process.h"
#include "common/rpc/server.h"

namespace tidemark::rpc {
namespace {

constexpr int kConnectionsMax = 64;

http::Response Text(int status, std::string body, std::string_view type = "text/plain; charset=utf-8") {
  http::Response response{.status = status, .body = std::move(body)};
  response.headers.Set("Content-Type", type);
  return response;
}

}  // namespace

struct AdminServer::Impl {
  Impl(EventLoops& loops, metrics::Registry& metrics_registry, std::string address)
      : registry(metrics_registry),
        readings(metrics_registry),
        server(loops, {.address = std::move(address), .connections_max = kConnectionsMax},
               [this](http::Request request) { return Handle(std::move(request)); }) {}

  Task<http::Response> Handle(http::Request request);
  http::Response Ready() const;
  void ShowReadiness();
  // The names of the conditions that do not hold.
  std::vector<std::string> Missing() const;

  const metrics::Registry& registry;
  std::vector<std::pair<std::string, std::function<bool()>>> conditions;
  std::atomic<bool> stopping{false};
  metrics::Readings readings;
  // Last: its handlers use the rest.
  http::Server server;
};

Task<http::Response> AdminServer::Impl::Handle(http::Request request) {
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response response = Text(405, "method not allowed\n");
    response.headers.Set("Allow", "GET, HEAD");
    co_return response;
  }
  if (request.path == "/livez") co_return Text(200, "ok\n");
  if (request.path == "/readyz") co_return Ready();
  if (request.path == "/metrics") co_return Text(200, registry.Text(), "text/plain; version=0.0.4");
  co_return Text(404, "not found\n");
}

std::vector<std::string> AdminServer::Impl::Missing() const {
  std::vector<std::string> missing;
  for (const auto& [name, holds] : conditions) {
    if (!holds()) missing.push_back(name);
  }
  return missing;
}

http::Response AdminServer::Impl::Ready() const {
  if (stopping) return Text(503, "stopping\n");
  std::string told;
  for (const std::string& name : Missing()) told += "not ready: " + name + "\n";
  return told.empty() ? Text(200, "ok\n") : Text(503, std::move(told));
}

void AdminServer::Impl::ShowReadiness() {
  const auto show = [this](const std::string& condition, std::function<bool()> holds) {
    readings.Gauge("tidemark_ready", "1 where a condition of /readyz holds, else 0; all must.",
                   {{"condition", condition}}, [holds = std::move(holds)] { return holds() ? 1.0 : 0.0; });
  };
  show("serving", [this] { return !stopping; });
  for (const auto& [name, holds] : conditions) show(name, holds);
}

AdminServer::AdminServer(EventLoops& loops, metrics::Registry& registry, std::string address)
    : impl_(std::make_unique<Impl>(loops, registry, std::move(address))) {
  metrics::ShowProcess(impl_->readings, TIDEMARK_VERSION);
}

AdminServer::~AdminServer() = default;

void AdminServer::AddReadiness(std::string name, std::function<bool()> holds) {
  impl_->conditions.emplace_back(std::move(name), std::move(holds));
}

bool AdminServer::Start() {
  impl_->ShowReadiness();
  const absl::Status listening = impl_->server.Start();
  if (!listening.ok()) log::Error("admin_listen_failed", {{"status", listening.ToString()}});
  return listening.ok();
}

int AdminServer::port() const { return impl_->server.port(); }

void AdminServer::TurnNotReady() { impl_->stopping = true; }

}  // namespace tidemark::rpc
