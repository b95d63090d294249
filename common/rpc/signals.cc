#include <pthread.h>

#include <csignal>
#include <functional>

#include "common/log/log.h"
#include "common/rpc/server.h"

namespace tidemark::rpc {
namespace {

sigset_t AwaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

void BlockSignals() {
  const sigset_t signals = AwaitedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that closes while we write is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

void WaitForSignal(const std::function<void()>& on_hangup) {
  const sigset_t signals = AwaitedSignals();
  int received = 0;
  while (sigwait(&signals, &received) == 0 && received == SIGHUP) {
    if (on_hangup) on_hangup();
  }
  log::Info("stopping", {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
}

}  // namespace tidemark::rpc
