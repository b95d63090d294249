#include "bench/load/http_load.h"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/load/answer_reader.h"
#include "bench/load/http_codec.h"
#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// A connection that has rested for longer may just be about to be closed: the gateway's --idle-timeout is 75
// s.
constexpr std::chrono::seconds kRestMax(60);
constexpr std::string_view kScheme = "http://";
constexpr std::size_t kReadBytes = 65'536;

Time Now() { return std::chrono::steady_clock::now(); }

struct Server {
  // The value of Host.
  std::string name;
  tcp::resolver::results_type endpoints;
};

Server Resolve(asio::io_context& loop, const std::string& url) {
  const std::string name = url.substr(std::min(url.size(), kScheme.size()));
  const std::size_t colon = name.rfind(':');
  if (!absl::StartsWith(url, absl::string_view(kScheme.data(), kScheme.size())) ||
      colon == std::string::npos) {
    throw Failed(absl::StrCat("not http://host:port: ", url));
  }
  error_code error;
  const auto endpoints = tcp::resolver(loop).resolve(name.substr(0, colon), name.substr(colon + 1), error);
  if (error) throw Failed(absl::StrCat("cannot find ", name, ": ", error.message()));
  return {name, endpoints};
}

class Connection : public Lane {
 public:
  // All outlive it.
  Connection(asio::io_context& loop, const Server& server) : server_(server), socket_(loop) { Connect(); }

  void Join(Driver& driver) {
    driver_ = &driver;
    driver.AddLane(*this);
  }

  void Send(const Ask& ask) override {
    if (Now() - used_at_ > kRestMax) ConnectAnew();
    used_at_ = Now();
    ask_ = &ask;
    request_ = EncodeHttp(ask, server_.name);
    answer_.Reset();
    asio::async_write(socket_, asio::buffer(request_),
                      [this](error_code error, std::size_t) { error ? Lose(error) : Read(); });
  }

 private:
  void Connect() {
    error_code error;
    asio::connect(socket_, server_.endpoints, error);
    if (!error) socket_.set_option(tcp::no_delay(true), error);
    if (error) throw Failed(absl::StrCat("cannot connect to ", server_.name, ": ", error.message()));
  }

  void Read() {
    socket_.async_read_some(asio::buffer(received_), [this](error_code error, std::size_t count) {
      error ? Lose(error) : Take({received_.data(), count});
    });
  }

  void Take(std::string_view bytes) {
    switch (answer_.Feed(bytes)) {
      case AnswerReader::State::kIncomplete:
        return Read();
      case AnswerReader::State::kMalformed:
        return Lose(make_error_code(boost::system::errc::bad_message));
      case AnswerReader::State::kComplete:
        Reply reply = DecodeHttp(*ask_, answer_);
        reply.bytes_sent = static_cast<int64_t>(request_.size());
        return driver_->Answered(*this, reply, Now());
    }
  }

  void ConnectAnew() {
    error_code ignored;
    socket_.close(ignored);
    Connect();
  }

  void Lose(error_code error) {
    ConnectAnew();
    Reply reply;
    reply.told = absl::StrCat("connection lost: ", error.message());
    driver_->Answered(*this, reply, Now());
  }

  const Server& server_;
  tcp::socket socket_;
  Driver* driver_ = nullptr;
  Time used_at_ = Now();
  const Ask* ask_ = nullptr;
  std::string request_;
  AnswerReader answer_;
  std::array<char, kReadBytes> received_;
};

}  // namespace

struct HttpLoad::Impl {
  Impl(const std::string& url, int count) : server(Resolve(loop, url)) {
    for (int i = 0; i < count; ++i) connections.push_back(std::make_unique<Connection>(loop, server));
  }

  // For what is due without an answer.
  void SetTimer(Driver& driver) {
    const std::optional<Time> due = driver.WakeAt(Now());
    if (!due || timer.expiry() == *due) return;
    timer.expires_at(*due);
    timer.async_wait([&driver](error_code error) {
      if (!error) driver.Drive(Now());
    });
  }

  asio::io_context loop{1};
  asio::steady_timer timer{loop};
  Server server;
  std::vector<std::unique_ptr<Connection>> connections;
};

HttpLoad::HttpLoad(const std::string& url, int connections)
    : impl_(std::make_unique<Impl>(url, connections)) {}

HttpLoad::~HttpLoad() = default;

void HttpLoad::Run(Driver& driver) {
  for (const auto& connection : impl_->connections) connection->Join(driver);
  driver.Drive(Now());
  while (!driver.IsOver(Now())) {
    impl_->SetTimer(driver);
    impl_->loop.run_one();
  }
}

}  // namespace tidemark::bench
