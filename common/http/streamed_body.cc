#include "common/http/streamed_body.h"

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log/log.h"

namespace tidemark::http {
namespace {

constexpr size_t kReadBytes = 1024;
// A client that sends more than this ahead is no longer watched, and is noticed to be gone by the next Write.
constexpr size_t kAheadBytesMax = 16 * 1024;

Task<absl::Status> Guarded(BodyStream stream, BodyWriter& writer) {
  try {
    co_return co_await stream(writer);
  } catch (const std::exception& error) {
    log::Error("http_stream_threw", {{"what", error.what()}});
  }
  co_return absl::InternalError("the stream threw");
}

}  // namespace

StreamedBody::StreamedBody(Connection& connection, boost::beast::flat_buffer& buffer, Options options,
                           Send send)
    : connection_(connection),
      buffer_(buffer),
      options_(options),
      send_(std::move(send)),
      is_draining_(options.is_draining) {}

Task<bool> StreamedBody::Run(BodyStream stream) {
  Watch();
  const absl::Status status = co_await Guarded(std::move(stream), *this);
  gone_ = nullptr;
  draining_ = nullptr;
  co_await StopWatching();
  if (!status.ok() || is_gone_) co_return false;
  if (!options_.is_chunked) co_return true;
  co_return co_await send_("0\r\n\r\n", "");
}

void StreamedBody::Drain() {
  is_draining_ = true;
  if (draining_ != nullptr) std::exchange(draining_, nullptr)();
}

Task<absl::Status> StreamedBody::Write(std::string piece) {
  if (is_gone_) co_return absl::CancelledError("the client has gone");
  // A chunk without bytes would be the last one.
  if (piece.empty()) co_return absl::OkStatus();
  std::string head;
  if (options_.is_chunked) {
    head = absl::StrCat(absl::Hex(piece.size()), "\r\n");
    piece += "\r\n";
  }
  const bool sent = co_await send_(head, piece);
  if (sent) co_return absl::OkStatus();
  // The one that watches may not have seen it yet.
  TellGone();
  co_return absl::CancelledError("the client has gone, or does not read");
}

void StreamedBody::WhenGone(std::function<void()> gone) {
  gone_ = std::move(gone);
  if (is_gone_) TellGone();
}

void StreamedBody::WhenDraining(std::function<void()> draining) {
  draining_ = std::move(draining);
  if (is_draining_) Drain();
}

void StreamedBody::Watch() {
  if (buffer_.size() >= kAheadBytesMax) return;
  watching_ = true;
  connection_.ReadSome(buffer_.prepare(kReadBytes), [this](const boost::system::error_code& error,
                                                           size_t count) { OnReceived(error, count); });
}

void StreamedBody::OnReceived(const boost::system::error_code& error, size_t count) {
  watching_ = false;
  buffer_.commit(count);
  if (unwatched_ != nullptr) {
    std::exchange(unwatched_, nullptr)(true);
  } else if (error.failed()) {
    TellGone();
  } else {
    Watch();
  }
}

Task<void> StreamedBody::StopWatching() {
  if (!watching_) co_return;
  co_await Await<bool>([this](Completion<bool> done) {
    unwatched_ = std::move(done);
    connection_.Cancel();
  });
}

void StreamedBody::TellGone() {
  is_gone_ = true;
  if (gone_ != nullptr) std::exchange(gone_, nullptr)();
}

}  // namespace tidemark::http
