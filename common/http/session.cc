#include "common/http/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <exception>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/log/log.h"

namespace tidemark::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A request without body fits, and ten thousand idle connections wait with no more than this each.
constexpr size_t kHeaderReadBytes = 1024;
constexpr size_t kBodyReadBytes = 64 * 1024;
// A connection that waits gives back what its last request needed beyond this.
constexpr size_t kIdleBufferBytesMax = 4 * 1024;
// What write_timeout is the time for.
constexpr size_t kWriteBytes = 256 * 1024;
constexpr absl::Duration kLingerTime = absl::Seconds(2);

}  // namespace

Session::Session(boost::asio::ip::tcp::socket socket, std::string peer, TlsContext tls,
                 std::shared_ptr<const SessionContext> context)
    : peer_(std::move(peer)),
      connection_(std::move(socket), std::move(tls)),
      context_(std::move(context)),
      watchdog_(connection_.executor(), [this] { OnExpiry(); }) {}

Task<void> Session::Run() {
  bool goes_on = co_await Begin();
  while (goes_on) {
    const bool has_request = co_await WaitForRequest();
    if (!has_request) break;
    goes_on = co_await ServeOne();
    if (!goes_on) co_await Linger();
  }
  Close();
}

Task<void> Session::TurnAway() {
  const bool begun = co_await Begin();
  if (begun) {
    co_await Refuse(503, "there are too many connections");
    co_await Linger();
  }
  Close();
}

Task<bool> Session::Begin() {
  if (!connection_.has_tls()) co_return true;
  StartPhase(Phase::kWriting, context_->options.read_timeout);
  co_return co_await connection_.Handshake();
}

void Session::Drain() {
  // A request that is here is answered, also if it was not read yet.
  if (idle_ && !connection_.HasArrived()) Close();
  if (streamed_ != nullptr) streamed_->Drain();
}

void Session::Close() {
  watchdog_.Clear();
  connection_.Close();
}

Task<bool> Session::WaitForRequest() {
  if (buffer_.size() > 0) co_return true;
  if (context_->draining) co_return false;
  if (buffer_.capacity() > kIdleBufferBytesMax) buffer_.shrink_to_fit();
  StartPhase(Phase::kReading, context_->options.idle_timeout);
  idle_ = true;
  const bool arrived = co_await ReadSome(kHeaderReadBytes);
  idle_ = false;
  co_return arrived;
}

Task<bool> Session::ServeOne() {
  RequestReader reader(context_->options);
  const RequestReader::State state = co_await Read(reader);
  if (state == RequestReader::State::kFailed) {
    co_await Refuse(reader.failure().status, reader.failure().detail);
    co_return false;
  }
  if (state == RequestReader::State::kNeedsMore) {
    if (watchdog_.expired()) co_await Refuse(408, "the request took too long to arrive");
    co_return false;
  }
  Framing framing{.is_head = false, .is_old = reader.is_old(), .keep_alive = reader.keep_alive()};
  Request request = reader.Take(peer_);
  framing.is_head = request.method == "HEAD";
  watchdog_.Clear();
  const Response response = co_await Handle(std::move(request));
  framing.keep_alive = framing.keep_alive && !context_->ending && !context_->draining;
  if (response.stream != nullptr && HasBody(response, framing)) {
    // Without chunks only the end of the connection tells the end of the body.
    if (framing.is_old) framing.keep_alive = false;
    const bool streamed = co_await WriteStreamed(response, framing);
    co_return streamed&& framing.keep_alive && !context_->draining;
  }
  const bool written = co_await Write(response, framing);
  co_return written&& framing.keep_alive;
}

Task<RequestReader::State> Session::Read(RequestReader& reader) {
  StartPhase(Phase::kReading, context_->options.read_timeout);
  for (;;) {
    const RequestReader::State state = reader.Feed(buffer_);
    if (state != RequestReader::State::kNeedsMore) co_return state;
    if (reader.TakeExpectation()) {
      StartPhase(Phase::kWriting, context_->options.write_timeout);
      const bool told = co_await WriteAll("HTTP/1.1 100 Continue\r\n\r\n", "");
      if (!told) co_return state;
      StartPhase(Phase::kReading, context_->options.read_timeout);
    }
    const bool arrived = co_await ReadSome(reader.reads_body() ? kBodyReadBytes : kHeaderReadBytes);
    if (!arrived || watchdog_.expired()) co_return state;
  }
}

Task<Response> Session::Handle(Request request) {
  try {
    co_return co_await context_->handler(std::move(request));
  } catch (const std::exception& error) {
    log::Error("http_handler_threw", {{"what", error.what()}});
  }
  co_return context_->options.on_error(500, "an error on our side");
}

Task<void> Session::Refuse(int status, std::string_view detail) {
  const Response response = context_->options.on_error(status, detail);
  co_await Write(response, Framing{.keep_alive = false});
}

Task<bool> Session::Write(const Response& response, const Framing& framing) {
  if (response.on_sent != nullptr) on_sent_ = &response.on_sent;
  const absl::Cleanup untell = [this] { on_sent_ = nullptr; };
  const std::string head = FormatHead(response, framing, absl::Now());
  const std::string_view body = HasBody(response, framing) ? std::string_view(response.body) : "";
  co_return co_await WriteInTime(head, body);
}

Task<bool> Session::WriteStreamed(const Response& response, const Framing& framing) {
  if (response.on_sent != nullptr) on_sent_ = &response.on_sent;
  ++context_->streams;
  const absl::Cleanup end = [this] {
    on_sent_ = nullptr;
    --context_->streams;
  };
  const std::string head = FormatHead(response, framing, absl::Now());
  const bool begun = co_await WriteInTime(head, "");
  if (!begun) co_return false;
  StreamedBody body(
      connection_, buffer_, {.is_chunked = !framing.is_old, .is_draining = context_->draining},
      [this](std::string_view chunk_head, std::string_view piece) { return WriteInTime(chunk_head, piece); });
  streamed_ = &body;
  const bool whole = co_await body.Run(response.stream);
  streamed_ = nullptr;
  // Not after a Linger: the client of an unfinished answer has nothing to wait for.
  if (!whole) Close();
  co_return whole;
}

Task<bool> Session::WriteInTime(std::string_view head, std::string_view body) {
  do {
    StartPhase(Phase::kWriting, context_->options.write_timeout);
    const std::string_view piece = body.substr(0, kWriteBytes);
    const bool written = co_await WriteAll(head, piece);
    if (!written) co_return false;
    head = {};
    body.remove_prefix(piece.size());
  } while (!body.empty());
  watchdog_.Clear();
  co_return true;
}

// Closing a socket with unread bytes resets the connection, and the reset may overtake the answer: so the end
// of what the client sends is waited for (RFC 9112 9.6).
Task<void> Session::Linger() {
  StartPhase(Phase::kReading, kLingerTime);
  co_await connection_.EndSending();
  bool arrives = true;
  while (arrives && !watchdog_.expired()) {
    buffer_.clear();
    arrives = co_await ReadSome(kBodyReadBytes);
  }
}

Task<bool> Session::ReadSome(size_t bytes) {
  error_code error;
  const size_t count = co_await connection_.ReadSome(buffer_.prepare(bytes), error);
  if (error.failed()) co_return false;
  buffer_.commit(count);
  co_return true;
}

Task<bool> Session::WriteAll(std::string_view head, std::string_view body) {
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  error_code error;
  co_await connection_.Write(buffers, error);
  if (!error.failed() && on_sent_ != nullptr) (*on_sent_)(head.size() + body.size());
  co_return !error.failed();
}

void Session::StartPhase(Phase phase, absl::Duration timeout) {
  phase_ = phase;
  watchdog_.Set(timeout);
}

// Both ways of ending a wait are final, so it does not matter if no operation is pending at this moment.
// After the first one an answer can still be written.
void Session::OnExpiry() {
  if (phase_ == Phase::kReading) {
    connection_.EndReceiving();
  } else {
    connection_.Close();
  }
}

}  // namespace tidemark::http
