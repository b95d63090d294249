#include "common/pg/server_state.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log/log.h"

namespace tidemark::pg {
namespace {

constexpr absl::Duration kConnectPause = absl::Milliseconds(250);
// The watch asks several times a second.
constexpr absl::Duration kAnswerAgeMax = absl::Seconds(5);

}  // namespace

ServerState::Connected::Connected(ServerState& server, int socket)
    : server_(server), socket_(fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
  MutexLock lock(&server_.mutex_);
  server_.sockets_.insert(socket_);
  server_.away_until_ = absl::InfinitePast();
}

ServerState::Connected::~Connected() {
  {
    MutexLock lock(&server_.mutex_);
    server_.sockets_.erase(server_.sockets_.find(socket_));
  }
  close(socket_);
}

int ServerState::generation() const {
  MutexLock lock(&mutex_);
  return generation_;
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
  if (sockets_.empty()) answered_ = absl::InfinitePast();
  Blame(why);
}

void ServerState::Hangs(std::string_view why) {
  MutexLock lock(&mutex_);
  hangs_ = true;
  ++generation_;
  answered_ = absl::InfinitePast();
  // Wakes who waits for an answer on it.
  for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  Blame(why);
}

void ServerState::Answered() {
  MutexLock lock(&mutex_);
  hangs_ = false;
  answered_ = now_();
  if (blamed_) log::Info("postgres_answers_again");
  blamed_ = false;
}

bool ServerState::away() const {
  MutexLock lock(&mutex_);
  return hangs_ || now_() < away_until_;
}

bool ServerState::anyone_connected() const {
  MutexLock lock(&mutex_);
  return !hangs_ && !sockets_.empty();
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
