// The bytes of one connection: a socket's, through TLS where the server has a certificate.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/async/task.h"

namespace boost::asio::ssl {
class context;
}

namespace tidemark::http {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// Without port; empty if the peer has gone.
std::string PeerAddress(const boost::asio::ip::tcp::socket& socket);

// Lives on the loop of its socket. At most one read and one write at a time.
class Connection {
 public:
  // Null: bytes travel as they are.
  Connection(boost::asio::ip::tcp::socket socket, TlsContext tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool has_tls() const { return tls_ != nullptr; }
  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

  // Before anything else, with TLS. False: the client and we did not agree.
  Task<bool> Handshake();

  // How many bytes came; `error` tells the end of the stream too.
  Task<size_t> ReadSome(boost::asio::mutable_buffer to, boost::system::error_code& error);
  void ReadSome(boost::asio::mutable_buffer to,
                std::function<void(const boost::system::error_code&, size_t)> done);
  Task<size_t> Write(std::array<boost::asio::const_buffer, 2> buffers, boost::system::error_code& error);

  // Bytes wait to be read.
  bool HasArrived() const;

  // Reads and writes under way end with an error.
  void Cancel();
  // A read under way ends, and answers can still be written.
  void EndReceiving();
  // Tells the client that nothing more comes. What is read afterwards is as it travelled, for throwing away.
  Task<void> EndSending();
  void Close();

 private:
  struct Tls;

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace tidemark::http
