#include "common/redis/loop_connection.h"

#include <utility>

#include "common/log/log.h"
#include "common/redis/backoff.h"
#include "common/redis/reply.h"

namespace tidemark::redis {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

std::chrono::nanoseconds Chrono(absl::Duration duration) { return absl::ToChronoNanoseconds(duration); }

}  // namespace

LoopConnection::LoopConnection(EventLoop& loop, const ClientOptions& options, ServerAddress address)
    : options_(options),
      address_(std::move(address)),
      executor_(loop.executor()),
      resolver_(executor_),
      timer_(executor_) {}

void LoopConnection::Start() { Connect(); }

void LoopConnection::Stop() {
  if (link_ != nullptr) std::exchange(link_, nullptr)->Close();
  SetState(State::kStopped);
  run_id_.clear();
  resolver_.cancel();
  CancelTimer();
  EndAllUnderWay();
}

void LoopConnection::Send(const std::vector<std::string>& arguments, Completion<absl::StatusOr<Reply>> done) {
  if (state_ != State::kReady) {
    Add(counts_.failed, 1);
    return done(Unreachable());
  }
  if (under_way_.size() >= static_cast<size_t>(options_.in_flight_max)) {
    Add(counts_.failed, 1);
    return done(absl::ResourceExhaustedError("too many commands wait for Redis"));
  }
  Transmit(arguments, std::move(done));
  AwaitAnswers();
}

// The name is looked up each time: it may have moved to another server. asio asks on a thread of its own;
// hiredis would block the loop.
void LoopConnection::Connect() {
  SetState(State::kGreeting);
  greeting_ = absl::OkStatus();
  SetTimer(options_.connect_timeout, &LoopConnection::GreetingTookTooLong);
  resolver_.async_resolve(
      address_.host, address_.port,
      [self = shared_from_this(), attempt = ++attempt_](const error_code& error, const auto& endpoints) {
        if (attempt != self->attempt_ || self->state_ != State::kGreeting) return;
        if (error || endpoints.empty()) return self->Lose(error.message());
        // Another of its addresses each time: the first may be one that nobody listens on.
        self->OpenLink(*std::next(endpoints.begin(), attempt % endpoints.size()));
      });
}

void LoopConnection::OpenLink(const asio::ip::tcp::endpoint& endpoint) {
  // The link is closed before this is destroyed, and then calls nobody.
  link_ = Link::Open(executor_, endpoint.address().to_string(), endpoint.port(),
                     {.connected = [this] { Greet(); },
                      .replied = [this](const redisReply& raw) { Answer(raw); },
                      .ended = [this](const std::string& why) { Lose(why); }});
}

void LoopConnection::Greet() {
  const auto note = [this](const absl::StatusOr<Reply>& reply) { greeting_.Update(reply.status()); };
  if (!address_.password.empty()) Transmit({"AUTH", address_.password}, note);
  if (!address_.database.empty()) Transmit({"SELECT", address_.database}, note);
  Transmit({"INFO", "server"}, [this](const absl::StatusOr<Reply>& info) { Welcome(info); });
}

void LoopConnection::Welcome(const absl::StatusOr<Reply>& info) {
  greeting_.Update(info.status());
  if (!greeting_.ok()) return LoseSoon(greeting_.ToString());
  run_id_ = InfoField(info->text, "run_id");
  if (run_id_.empty()) return LoseSoon("INFO has no run_id");
  SetState(State::kReady);
  failures_ = 0;
  CancelTimer();
  awaits_answers_ = false;
  log::Info("redis_connected", {{"host", address_.host}, {"port", address_.port}, {"run_id", run_id_}});
}

void LoopConnection::Transmit(const std::vector<std::string>& arguments,
                              Completion<absl::StatusOr<Reply>> done) {
  under_way_.push_back({std::move(done), steady_clock::now() + Chrono(options_.command_timeout)});
  Add(counts_.under_way, 1);
  Add(counts_.sent, 1);
  link_->Send(arguments);
}

void LoopConnection::Answer(const redisReply& raw) {
  Waiting waiting = std::move(under_way_.front());
  under_way_.pop_front();
  Add(counts_.under_way, -1);
  absl::StatusOr<Reply> reply = ReplyOf(raw);
  // A server that became a replica stays one; behind the same name there may be a new primary.
  const bool demoted =
      raw.type == REDIS_REPLY_ERROR && std::string_view(raw.str, raw.len).starts_with("READONLY");
  if (demoted) LoseSoon("the server is a replica now");
  waiting.done(std::move(reply));
}

void LoopConnection::AwaitAnswers() {
  if (awaits_answers_ || under_way_.empty()) return;
  awaits_answers_ = true;
  SetTimer(absl::FromChrono(under_way_.front().deadline - steady_clock::now()),
           &LoopConnection::CheckDeadlines);
}

void LoopConnection::CheckDeadlines() {
  awaits_answers_ = false;
  if (under_way_.empty()) return;
  if (steady_clock::now() < under_way_.front().deadline) return AwaitAnswers();
  Lose("no answer within the command timeout");
}

void LoopConnection::Lose(const std::string& why) {
  if (state_ != State::kGreeting && state_ != State::kReady) return;
  // Once per outage: the attempts to come will meet the same.
  if (failures_++ == 0) {
    log::Warning("redis_unreachable", {{"host", address_.host}, {"port", address_.port}, {"error", why}});
  }
  SetState(State::kAway);
  run_id_.clear();
  if (link_ != nullptr) std::exchange(link_, nullptr)->Close();
  EndAllUnderWay();
  SetTimer(Backoff(failures_, absl::Uniform(random_, 0.0, 1.0)), &LoopConnection::Connect);
}

void LoopConnection::LoseSoon(std::string why) {
  asio::post(executor_, [self = shared_from_this(), attempt = attempt_, why = std::move(why)] {
    if (attempt == self->attempt_) self->Lose(why);
  });
}

void LoopConnection::EndAllUnderWay() {
  const SteadyTime now = steady_clock::now();
  for (const Waiting& waiting : std::exchange(under_way_, {})) {
    Add(counts_.under_way, -1);
    Add(counts_.failed, 1);
    if (waiting.deadline <= now) {
      waiting.done(absl::DeadlineExceededError("Redis did not answer in time"));
    } else {
      waiting.done(Unreachable());
    }
  }
}

void LoopConnection::SetState(State state) {
  state_ = state;
  counts_.up.store(state == State::kReady ? 1 : 0, std::memory_order_relaxed);
}

void LoopConnection::SetTimer(absl::Duration duration, void (LoopConnection::*then)()) {
  timer_.expires_after(Chrono(duration));
  timer_.async_wait([self = shared_from_this(), turn = ++timer_turn_, then](const error_code&) {
    if (turn == self->timer_turn_) ((*self).*then)();
  });
}

void LoopConnection::CancelTimer() {
  ++timer_turn_;
  timer_.cancel();
}

}  // namespace tidemark::redis
