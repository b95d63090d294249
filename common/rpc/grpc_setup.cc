#include "common/rpc/grpc_setup.h"

#include <grpc/support/log.h>

#include "absl/synchronization/mutex.h"
#include "common/log/log.h"

namespace tidemark::rpc {
namespace {

log::Level LevelOf(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_ERROR:
      return log::Level::kWarning;  // a call that fails says so itself; most of these are lost connections
    case GPR_LOG_SEVERITY_INFO:
      return log::Level::kInfo;
    case GPR_LOG_SEVERITY_DEBUG:
      return log::Level::kDebug;
  }
  return log::Level::kDebug;
}

void Write(gpr_log_func_args* message) {
  log::Write(LevelOf(message->severity), "grpc",
             {{"file", message->file}, {"line", message->line}, {"message", message->message}});
}

}  // namespace

void SetUpGrpc() {
  gpr_set_log_function(Write);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace tidemark::rpc
