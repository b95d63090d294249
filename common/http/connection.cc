#include "common/http/connection.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace tidemark::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string PeerAddress(const tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error.failed()) return "";
  const asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

struct Connection::Tls {
  Tls(tcp::socket& socket, TlsContext tls_context)
      : context(std::move(tls_context)), stream(socket, *context) {}

  const TlsContext context;
  asio::ssl::stream<tcp::socket&> stream;
};

Connection::Connection(tcp::socket socket, TlsContext tls)
    : socket_(std::move(socket)),
      tls_(tls == nullptr ? nullptr : std::make_unique<Tls>(socket_, std::move(tls))) {}

Connection::~Connection() = default;

Task<bool> Connection::Handshake() {
  error_code error;
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::server,
                                        asio::redirect_error(asio::use_awaitable, error));
  co_return !error.failed();
}

Task<size_t> Connection::ReadSome(asio::mutable_buffer to, error_code& error) {
  if (tls_ == nullptr) return socket_.async_read_some(to, asio::redirect_error(asio::use_awaitable, error));
  return tls_->stream.async_read_some(to, asio::redirect_error(asio::use_awaitable, error));
}

void Connection::ReadSome(asio::mutable_buffer to, std::function<void(const error_code&, size_t)> done) {
  if (tls_ == nullptr) {
    socket_.async_read_some(to, std::move(done));
  } else {
    tls_->stream.async_read_some(to, std::move(done));
  }
}

Task<size_t> Connection::Write(std::array<asio::const_buffer, 2> buffers, error_code& error) {
  if (tls_ == nullptr)
    return asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
  return asio::async_write(tls_->stream, buffers, asio::redirect_error(asio::use_awaitable, error));
}

void Connection::Cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::EndReceiving() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_receive, ignored);
}

Task<void> Connection::EndSending() {
  error_code ignored;
  if (tls_ != nullptr) {
    co_await tls_->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    tls_ = nullptr;
  }
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

bool Connection::HasArrived() const {
  error_code ignored;
  return socket_.available(ignored) > 0;
}

void Connection::Close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace tidemark::http
