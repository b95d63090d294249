// Asks the server several times a second, on a connection of its own, whether it is there. A server that has
// stopped (a full disk, a stuck volume, SIGSTOP) keeps its connections open and answers nothing: a statement
// would wait for its timeout, and everybody behind it. The watch finds out in less than two seconds (SPEC 8),
// ends what waits, and from then on it alone tries to connect.
//
//   asked ── answered ──▶ ServerState::Answered
//     ├───── refused ───▶ ServerState::ConnectFailed: where it is only full, the workers may be connected
//     └───── silence ───▶ ServerState::Hangs
#pragma once

#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "common/mutex/mutex.h"
#include "common/pg/pool.h"
#include "common/pg/server_state.h"

namespace tidemark::pg {

class ServerWatch {
 public:
  // Asks from now on. `server` outlives the watch.
  ServerWatch(const PoolOptions& options, ServerState& server);
  // Waits for the question under way.
  ~ServerWatch();

 private:
  void Follow();
  void Ask();
  // False: to be asked no more.
  bool Rest();

  const PoolOptions options_;
  ServerState& server_;
  // Of the thread.
  std::unique_ptr<Connection> connection_;

  Mutex mutex_;
  CondVar stopping_changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidemark::pg
