// For tests: a connection that can be held up.
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"

namespace tidemark::rpc {

// Passes the bytes of one connection on to a server of this machine, and back.
class TestRelay {
 public:
  explicit TestRelay(int server_port) : thread_([this, server_port] { Run(server_port); }) {}
  // Ends the connection. There has been one.
  ~TestRelay() {
    Release();
    shutdown(server_.native_handle(), SHUT_RDWR);
    shutdown(client_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

  // From now on the server gets nothing, and the client is not read.
  void Hold() {
    MutexLock lock(&mutex_);
    held_ = true;
  }
  void Release() {
    MutexLock lock(&mutex_);
    held_ = false;
    changed_.NotifyAll();
  }

 private:
  using Tcp = boost::asio::ip::tcp;

  void Run(int server_port) {
    acceptor_.accept(client_);
    server_.connect({boost::asio::ip::address_v4::loopback(), static_cast<uint16_t>(server_port)});
    std::thread back([this] { Pass(server_, client_); });
    Pass(client_, server_);
    back.join();
  }

  void Pass(Tcp::socket& from, Tcp::socket& to) {
    std::array<char, 16 * 1024> bytes;
    boost::system::error_code error;
    for (;;) {
      if (&from == &client_) AwaitRelease();
      const size_t count = from.read_some(boost::asio::buffer(bytes), error);
      if (error.failed()) break;
      if (&from == &client_) AwaitRelease();
      boost::asio::write(to, boost::asio::buffer(bytes.data(), count), error);
      if (error.failed()) break;
    }
    to.shutdown(Tcp::socket::shutdown_both, error);
  }

  void AwaitRelease() {
    MutexLock lock(&mutex_);
    while (held_) changed_.Wait(mutex_);
  }

  boost::asio::io_context context_;
  Tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  Tcp::socket client_{context_};
  Tcp::socket server_{context_};
  Mutex mutex_;
  CondVar changed_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidemark::rpc
