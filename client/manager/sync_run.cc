#include "client/manager/sync_run.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "client/transport/tells_code.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

template <typename T>
Answer Taken(Reply<T> reply, RunReport& report) {
  if (reply.limit) report.limits.push_back(*reply.limit);
  if (!reply.answer.ok()) return reply.answer.status();
  ++report.answers;
  return *std::move(reply.answer);
}

Answer Send(SyncTransport& transport, const Call& call, const Ask& ask, RunReport& report) {
  return std::visit(
      Overloaded{[&](const CheckAsk& check) { return Taken(transport.Check(call, check), report); },
                 [&](const SyncAsk& sync) { return Taken(transport.Sync(call, sync), report); },
                 [&](const V1Ask& v1) { return Taken(transport.SyncV1(call, v1), report); }},
      ask);
}

const std::vector<Change>* ChangesOf(const Ask& ask) {
  if (const auto* sync = std::get_if<SyncAsk>(&ask)) return &sync->changes;
  if (const auto* v1 = std::get_if<V1Ask>(&ask)) return &v1->changes;
  return nullptr;
}

void NoteAsked(const Ask& ask, RunReport& report) {
  const std::vector<Change>* changes = ChangesOf(ask);
  report.pushed = changes != nullptr && !changes->empty();
  if (!report.pushed) return;
  for (const Change& change : *changes) report.touched.insert(change.id);
}

void NoteAnswered(const Answer& answer, RunReport& report) {
  if (const auto* page = std::get_if<Page>(&answer)) {
    for (const Update& update : page->updates) report.touched.insert(update.id);
    report.touched.insert(page->deleted.begin(), page->deleted.end());
  } else if (const auto* v1 = std::get_if<V1Page>(&answer)) {
    for (const Update& update : v1->updates) report.touched.insert(update.id);
  }
}

Call InTime(Call call, CondVar::Deadline until) {
  const absl::Duration left = absl::FromChrono(until - CondVar::In(absl::ZeroDuration()));
  call.timeout = std::clamp(left, absl::ZeroDuration(), call.timeout);
  return call;
}

// OK: the answer is to be taken.
absl::Status GivenUp(const Answer& answer, const Call& call, CondVar::Deadline until,
                     const RunReport& report) {
  if (call.cancellation != nullptr && call.cancellation->cancelled()) return absl::CancelledError();
  const auto* error = std::get_if<absl::Status>(&answer);
  const bool is_late = error != nullptr && !TellsCode(*error) && CondVar::In(absl::ZeroDuration()) >= until;
  if (is_late && report.answers > 0) return absl::DeadlineExceededError("syncing takes longer");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RunReport> RunSync(Exchange& exchange, const RunOptions& options, SyncTransport& transport,
                                  const Call& call, CondVar::Deadline until, const Clock& clock) {
  RunReport report;
  absl::StatusOr<Next> next = exchange.Begin(options, clock.Now());
  while (next.ok() && std::holds_alternative<Ask>(*next)) {
    const Ask ask = std::get<Ask>(*next);
    NoteAsked(ask, report);
    const Answer answer = Send(transport, InTime(call, until), ask, report);
    if (absl::Status given_up = GivenUp(answer, call, until, report); !given_up.ok()) {
      exchange.Abandon();
      report.abandoned = true;
      report.end.error = std::move(given_up);
      return report;
    }
    NoteAnswered(answer, report);
    next = exchange.Take(answer, clock.Now());
  }
  if (!next.ok()) return next.status();
  report.end = std::get<RunEnd>(*std::move(next));
  return report;
}

Event EventOf(const RunReport& report, const std::string& etag) {
  const bool let_in = report.answers > 0;
  if (report.abandoned) return event::RunAbandoned{.let_in = let_in};
  const RunEnd& end = report.end;
  if (end.how == RunEnd::How::kFailed) {
    return event::RunFailed{.code = CodeNameOf(end.error),
                            .retry_after = ErrorInfoOf(end.error).details.retry_after,
                            .pushed = report.pushed,
                            .limits = report.limits,
                            .let_in = let_in};
  }
  const bool deferred = end.how == RunEnd::How::kDeferred;
  event::RunDone done{.limits = report.limits};
  if (!deferred) done.etag = etag;
  done.next_sync_in = end.next_sync_in;
  if (deferred) done.deferred_for = end.retry_after.value_or(absl::ZeroDuration());
  done.edits_are_left = end.requests >= Exchange::kRequestsMax;
  return done;
}

std::string CodeNameOf(const absl::Status& status) {
  return TellsCode(status) ? std::string(InfoOf(ErrorInfoOf(status).code).name) : kNoAnswerCode;
}

}  // namespace tidemark::client
