#include "common/pg/server_state.h"

#include "common/log/log.h"

namespace tidemark::pg {
namespace {

constexpr absl::Duration kConnectPause = absl::Milliseconds(250);
// An idle pool asks every second; a stalled server leaves the question open.
constexpr absl::Duration kAnswerAgeMax = absl::Seconds(5);

}  // namespace

int ServerState::generation() const {
  MutexLock lock(&mutex_);
  return generation_;
}

void ServerState::Connected() {
  MutexLock lock(&mutex_);
  ++connected_;
  away_until_ = absl::InfinitePast();
}

void ServerState::Disconnected() {
  MutexLock lock(&mutex_);
  --connected_;
}

void ServerState::Lost(int generation, std::string_view why) {
  MutexLock lock(&mutex_);
  // Several may be lost in one restart: those made after it are not to blame.
  if (generation == generation_) ++generation_;
  answered_ = absl::InfinitePast();
  Blame(why);
}

void ServerState::ConnectFailed(std::string_view why) {
  MutexLock lock(&mutex_);
  away_until_ = now_() + kConnectPause;
  // With others connected it may only be full.
  if (connected_ == 0) answered_ = absl::InfinitePast();
  Blame(why);
}

void ServerState::Answered() {
  MutexLock lock(&mutex_);
  answered_ = now_();
  if (blamed_) log::Info("postgres_answers_again");
  blamed_ = false;
}

bool ServerState::away() const {
  MutexLock lock(&mutex_);
  return now_() < away_until_;
}

bool ServerState::anyone_connected() const {
  MutexLock lock(&mutex_);
  return connected_ > 0;
}

bool ServerState::healthy() const {
  MutexLock lock(&mutex_);
  return now_() - answered_ < kAnswerAgeMax;
}

void ServerState::Blame(std::string_view why) {
  // Once per outage: every worker meets it again and again.
  if (!blamed_) log::Warning("postgres_unreachable", {{"error", why}});
  blamed_ = true;
}

}  // namespace tidemark::pg
