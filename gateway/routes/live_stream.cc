#include "gateway/routes/live_stream.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "common/async/watchdog.h"
#include "common/log/log.h"
#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

constexpr absl::Duration kPauseFirst = absl::Milliseconds(100);
constexpr absl::Duration kPauseMax = absl::Seconds(5);
// Doubling further would overflow, and is cut to kPauseMax anyway.
constexpr int kDoublingsMax = 10;

// Of that between a half and all, so that the streams of a replica that went away do not come back together.
std::chrono::nanoseconds PauseAfter(int failures) {
  absl::InsecureBitGen random;
  const absl::Duration full = std::min(kPauseMax, kPauseFirst * (1 << std::min(failures - 1, kDoublingsMax)));
  return absl::ToChronoNanoseconds(full * absl::Uniform(random, 0.5, 1.0));
}

bool IsEndOfToken(const absl::Status& status) {
  return !status.ok() && InfoOf(ErrorInfoOf(status).code).http_status == 401;
}

// `etag` with its quotes, which also make it the JSON text that the data of an event is.
std::string HeadEvent(const std::string& etag) {
  return "id: " + etag + "\nevent: head\ndata: " + etag + "\n\n";
}

std::string ExpiredEvent(const absl::Status& status) {
  return "event: expired\ndata: \"" + std::string(InfoOf(ErrorInfoOf(status).code).name) + "\"\n\n";
}

constexpr std::string_view kComment = ":\n\n";

}  // namespace

LiveStream::LiveStream(SyncBackend& sync, rpc::ClientCall call, std::string last_id,
                       LiveStreamOptions options)
    : sync_(sync),
      loop_(*EventLoop::Current()),
      call_(std::move(call)),
      options_(options),
      pause_(loop_),
      wake_(loop_),
      sent_(std::move(last_id)),
      comment_at_(Alarm::Clock::now() + absl::ToChronoNanoseconds(options.comment_interval)) {}

Task<absl::Status> LiveStream::Open() {
  Spawn(loop_, [self = shared_from_this()] { return self->Follow(); });
  while (head_.empty() && !ended_) co_await wake_.WaitUntil(Time::max());
  if (head_.empty()) co_return *ended_;
  co_return absl::OkStatus();
}

Task<absl::Status> LiveStream::Run(http::BodyWriter& writer) {
  writer.WhenGone([this] { End(); });
  writer.WhenDraining([this] { End(); });
  for (;;) {
    std::string piece = NextPiece();
    if (!piece.empty()) {
      const absl::Status sent = co_await writer.Write(std::move(piece));
      if (!sent.ok()) co_return sent;
    } else if (ended_) {
      break;
    } else {
      co_await wake_.WaitUntil(comment_at_);
    }
  }
  if (!IsEndOfToken(*ended_)) co_return absl::OkStatus();
  std::string expired = ExpiredEvent(*ended_);
  co_return co_await writer.Write(std::move(expired));
}

void LiveStream::End() { EndBecause(absl::OkStatus()); }

void LiveStream::EndBecause(absl::Status why) {
  if (ended_) return;
  ended_ = std::move(why);
  if (reader_ != nullptr) reader_->Cancel();
  pause_.Ring();
  wake_.Ring();
}

std::string LiveStream::NextPiece() {
  if (head_ != sent_) {
    sent_ = head_;
    return HeadEvent(head_);
  }
  const Time now = Alarm::Clock::now();
  if (ended_ || now < comment_at_) return "";
  comment_at_ = now + absl::ToChronoNanoseconds(options_.comment_interval);
  return std::string(kComment);
}

Task<void> LiveStream::Follow() {
  while (!ended_) {
    absl::Status lost = co_await WatchOnce();
    reader_.reset();
    if (ended_) break;
    if (!ShouldRetry(lost)) {
      EndBecause(std::move(lost));
      break;
    }
    const Time next = Alarm::Clock::now() + PauseAfter(failures_);
    co_await pause_.WaitUntil(next);
  }
}

Task<absl::Status> LiveStream::WatchOnce() {
  rpc::ClientCall call = call_;
  call.timeout = absl::InfiniteDuration();
  // Without if_none_match: the first message comes at once, and tells that the stream stands.
  reader_ = sync_.Watch(call, v1::WatchRequest());
  absl::StatusOr<std::optional<v1::WatchResponse>> message = co_await FirstMessage();
  trailers_ = reader_->trailers();
  while (message.ok() && message->has_value()) {
    failures_ = 0;
    lost_at_.reset();
    head_ = (*message)->etag();
    wake_.Ring();
    message = co_await reader_->Read();
  }
  if (!message.ok()) co_return message.status();
  co_return absl::UnavailableError("the service ended the stream");
}

Task<absl::StatusOr<std::optional<v1::WatchResponse>>> LiveStream::FirstMessage() {
  Watchdog too_late(loop_.executor(), [this] { reader_->Cancel(); });
  too_late.Set(call_.timeout);
  absl::StatusOr<std::optional<v1::WatchResponse>> message = co_await reader_->Read();
  if (too_late.expired()) co_return absl::DeadlineExceededError("the first head did not come in time");
  co_return message;
}

bool LiveStream::ShouldRetry(const absl::Status& lost) {
  if (head_.empty() || IsEndOfToken(lost)) return false;
  ++failures_;
  const Time now = Alarm::Clock::now();
  if (!lost_at_) lost_at_ = now;
  if (absl::FromChrono(now - *lost_at_) < options_.outage_max) return true;
  log::Warning("live_stream_lost", {{"status", lost.ToString()}}, call_.origin);
  return false;
}

}  // namespace tidemark::gateway
