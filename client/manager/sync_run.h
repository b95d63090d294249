// One sync: the exchange's questions, asked over the transport.
#pragma once

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "client/domain/schedule/event.h"
#include "client/engine/exchange.h"
#include "client/transport/sync_transport.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

struct RunReport {
  RunEnd end = {};
  // Of each answer that told any, in their order.
  std::vector<LimitTold> limits = {};
  // What was sent and told.
  std::set<TaskId> touched = {};
  int answers = 0;
  // The last request had changes in it.
  bool pushed = false;
  // The run was given up: `end.error` is kCancelled or kDeadlineExceeded, and nothing is known against the
  // network.
  bool abandoned = false;
};

// To its end, or as far as it gets until `until`: if there was no answer at all by then, that is a failure of
// the network. Errors are the store's. `call` is how each request is made.
absl::StatusOr<RunReport> RunSync(Exchange& exchange, const RunOptions& options, SyncTransport& transport,
                                  const Call& call, CondVar::Deadline until, const Clock& clock);

// As the schedule is to know of it.
Event EventOf(const RunReport& report, const std::string& etag);
// "rate_limited", or kNoAnswerCode.
std::string CodeNameOf(const absl::Status& status);

}  // namespace tidemark::client
