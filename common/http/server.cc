#include "common/http/server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <unordered_set>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/http/admission.h"
#include "common/http/session.h"
#include "common/http/tls_certificate.h"
#include "common/log/log.h"

namespace tidemark::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Out of file descriptors, say: trying again at once would only burn a core.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

Response PlainError(int status, std::string_view detail) {
  Response response{.status = status, .body = absl::StrCat(std::string(detail), "\n")};
  response.headers.Set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

absl::StatusOr<tcp::endpoint> Resolve(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > std::numeric_limits<uint16_t>::max()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", address, "\" is not host:port"));
  }
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  asio::io_context io;
  error_code error;
  const auto found = tcp::resolver(io).resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error.failed()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", address, "\": ", error.message()));
  }
  return found.begin()->endpoint();
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(EventLoops& event_loops, ServerOptions options, Handler handler);

  absl::Status LoadCertificate();
  absl::Status Listen();
  void StopAccepting();
  // Runs `visit` for the connections of every loop, on that loop.
  void ForEachSession(void (Session::*visit)());
  // False: some are left after `grace`.
  bool WaitUntilEmpty(absl::Duration grace);
  void WaitUntilStopped();

  Admission::Place Enter(const std::string& peer);
  TlsContext CurrentTls();
  void Leave(Admission::Place place, const std::string& peer);
  int Connections();
  void Show(metrics::Registry& registry);
  void LeaveAccepting();

  static Task<void> Accept(std::shared_ptr<Impl> self);
  static Task<void> Serve(std::shared_ptr<Impl> self, int loop, std::shared_ptr<Session> session,
                          Admission::Place place);

  EventLoops& loops;
  const std::shared_ptr<SessionContext> context;
  // Belongs to accept_loop once Start has returned.
  EventLoop& accept_loop;
  tcp::acceptor acceptor;
  int port = 0;
  // Null: plain HTTP.
  std::unique_ptr<TlsCertificate> certificate;
  // One set per loop, touched on that loop alone.
  std::vector<std::unordered_set<Session*>> sessions;

  std::mutex mutex;
  std::condition_variable changed;
  Admission admission;
  bool accepting = false;
  // Of this.
  std::unique_ptr<metrics::Readings> readings;
};

Server::Impl::Impl(EventLoops& event_loops, ServerOptions options, Handler handler)
    : loops(event_loops),
      context(std::make_shared<SessionContext>()),
      accept_loop(event_loops.at(0)),
      acceptor(accept_loop.executor()),
      sessions(static_cast<size_t>(event_loops.size())),
      admission({.connections_max = options.connections_max,
                 .per_address_max = options.connections_per_address_max,
                 .is_shared = options.is_shared_address}) {
  context->options = std::move(options);
  context->handler = std::move(handler);
  if (context->options.on_error == nullptr) context->options.on_error = PlainError;
}

absl::Status Server::Impl::LoadCertificate() {
  const ServerOptions& options = context->options;
  if (options.tls_certificate.empty() && options.tls_key.empty()) return absl::OkStatus();
  auto loaded = TlsCertificate::Load({options.tls_certificate, options.tls_key});
  if (!loaded.ok()) return loaded.status();
  certificate = *std::move(loaded);
  return absl::OkStatus();
}

// One acceptor, not one per loop with SO_REUSEPORT: that would let a second process take the same address
// unnoticed.
absl::Status Server::Impl::Listen() {
  const std::string& address = context->options.address;
  const absl::StatusOr<tcp::endpoint> endpoint = Resolve(address);
  if (!endpoint.ok()) return endpoint.status();
  error_code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error.failed()) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error.failed()) acceptor.bind(*endpoint, error);
  if (!error.failed()) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error.failed()) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ": ", error.message()));
  }
  port = acceptor.local_endpoint().port();
  return absl::OkStatus();
}

Admission::Place Server::Impl::Enter(const std::string& peer) {
  std::lock_guard lock(mutex);
  return admission.Enter(peer);
}

TlsContext Server::Impl::CurrentTls() {
  return certificate == nullptr ? nullptr : certificate->Current(absl::Now());
}

void Server::Impl::Leave(Admission::Place place, const std::string& peer) {
  std::lock_guard lock(mutex);
  admission.Leave(place, peer);
  changed.notify_all();
}

int Server::Impl::Connections() {
  std::lock_guard lock(mutex);
  return admission.connections();
}

void Server::Impl::Show(metrics::Registry& registry) {
  readings = std::make_unique<metrics::Readings>(registry);
  readings->Gauge("tidemark_http_connections", "Connections open, with those that are turned away.", {},
                  [this] { return static_cast<double>(Connections()); });
  readings->Gauge("tidemark_http_connections_max", "How many connections are served at once.", {},
                  [this] { return static_cast<double>(context->options.connections_max); });
  readings->Gauge("tidemark_http_streams", "Answers being streamed: live streams, exports, V1 syncs.", {},
                  [this] { return static_cast<double>(context->streams); });
}

void Server::Impl::LeaveAccepting() {
  std::lock_guard lock(mutex);
  accepting = false;
  changed.notify_all();
}

Task<void> Server::Impl::Accept(std::shared_ptr<Impl> self) {
  bool full = false;
  for (;;) {
    EventLoop& loop = self->loops.Next();
    tcp::socket socket(loop.executor());
    error_code error;
    co_await self->acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (self->context->draining) break;
    if (error == asio::error::connection_aborted) continue;
    if (error.failed()) {
      log::Warning("http_accept_failed", {{"error", error.message()}});
      co_await Sleep(kAcceptPause);
      continue;
    }
    // Asked once: of a client that resets its connection there is no telling later, and whom Leave counts out
    // is to be whom Enter has counted.
    std::string peer = PeerAddress(socket);
    const Admission::Place place = self->Enter(peer);
    if (place != Admission::Place::kServed && !full) {
      log::Warning("http_connections_full",
                   {{"connections_max", self->context->options.connections_max},
                    {"connections_per_address_max", self->context->options.connections_per_address_max}});
    }
    full = place != Admission::Place::kServed;
    if (place == Admission::Place::kNone) continue;
    socket.set_option(tcp::no_delay(true), error);
    auto session =
        std::make_shared<Session>(std::move(socket), std::move(peer), self->CurrentTls(), self->context);
    Spawn(loop, [self, index = loop.index(), session, place] { return Serve(self, index, session, place); });
  }
  self->LeaveAccepting();
}

Task<void> Server::Impl::Serve(std::shared_ptr<Impl> self, int loop, std::shared_ptr<Session> session,
                               Admission::Place place) {
  std::unordered_set<Session*>& here = self->sessions[static_cast<size_t>(loop)];
  here.insert(session.get());
  if (place == Admission::Place::kServed) {
    co_await session->Run();
  } else {
    co_await session->TurnAway();
  }
  here.erase(session.get());
  self->Leave(place, session->peer());
}

void Server::Impl::StopAccepting() {
  context->draining = true;
  accept_loop.Post([self = shared_from_this()] {
    error_code ignored;
    self->acceptor.close(ignored);
  });
}

void Server::Impl::ForEachSession(void (Session::*visit)()) {
  for (int i = 0; i < loops.size(); ++i) {
    loops.at(i).Post([self = shared_from_this(), i, visit] {
      for (Session* session : self->sessions[static_cast<size_t>(i)]) (session->*visit)();
    });
  }
}

bool Server::Impl::WaitUntilEmpty(absl::Duration grace) {
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, absl::ToChronoMilliseconds(grace),
                          [this] { return admission.connections() == 0; });
}

void Server::Impl::WaitUntilStopped() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return admission.connections() == 0 && !accepting; });
}

Server::Server(EventLoops& loops, ServerOptions options, Handler handler)
    : impl_(std::make_shared<Impl>(loops, std::move(options), std::move(handler))) {
  if (impl_->context->options.metrics != nullptr) impl_->Show(*impl_->context->options.metrics);
}

Server::~Server() {
  Drain(absl::ZeroDuration());
  impl_->WaitUntilStopped();
  impl_->readings = nullptr;
}

absl::Status Server::Start() {
  absl::Status loaded = impl_->LoadCertificate();
  if (!loaded.ok()) return loaded;
  absl::Status listening = impl_->Listen();
  if (!listening.ok()) return listening;
  impl_->accepting = true;
  Spawn(impl_->accept_loop, [impl = impl_] { return Impl::Accept(impl); });
  return absl::OkStatus();
}

int Server::port() const { return impl_->port; }

void Server::EndConnections() { impl_->context->ending = true; }

void Server::Drain(absl::Duration grace) {
  impl_->StopAccepting();
  impl_->ForEachSession(&Session::Drain);
  if (impl_->WaitUntilEmpty(grace)) return;
  impl_->ForEachSession(&Session::Close);
}

}  // namespace tidemark::http
