#include "common/pg/server_watch.h"

#include <chrono>
#include <exception>

#include "common/pg/connection.h"

namespace tidemark::pg {
namespace {

using std::chrono::steady_clock;

constexpr absl::Duration kPause = absl::Milliseconds(250);
// A connection waits for a second longer (connection.cc): 1.25 s, and 1.5 s with the pause.
constexpr absl::Duration kStatementTimeout = absl::Milliseconds(250);
// What fails sooner was refused.
constexpr absl::Duration kSilence = absl::Seconds(1);

PoolOptions OptionsOf(PoolOptions pool) {
  pool.statement_timeout = kStatementTimeout;
  return pool;
}

}  // namespace

ServerWatch::ServerWatch(const PoolOptions& options, ServerState& server)
    : options_(OptionsOf(options)), server_(server), thread_([this] { Follow(); }) {}

ServerWatch::~ServerWatch() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  stopping_changed_.NotifyAll();
  thread_.join();
}

void ServerWatch::Follow() {
  do {
    Ask();
  } while (Rest());
  connection_ = nullptr;
}

void ServerWatch::Ask() {
  const bool connects = connection_ == nullptr;
  const steady_clock::time_point asked = steady_clock::now();
  try {
    if (connects) connection_ = std::make_unique<Connection>(options_);
    connection_->Query("SELECT 1");
    server_.Answered();
  } catch (const std::exception& thrown) {
    // Whatever it was: what was prepared may no longer fit.
    connection_ = nullptr;
    if (absl::FromChrono(steady_clock::now() - asked) >= kSilence) {
      server_.Hangs(thrown.what());
    } else if (connects) {
      server_.ConnectFailed(thrown.what());
    }
  }
}

bool ServerWatch::Rest() {
  const CondVar::Deadline deadline = CondVar::In(kPause);
  MutexLock lock(&mutex_);
  while (!stopping_ && stopping_changed_.WaitUntil(mutex_, deadline)) {
  }
  return !stopping_;
}

}  // namespace tidemark::pg
