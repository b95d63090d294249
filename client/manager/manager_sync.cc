#include <algorithm>
#include <utility>

#include "client/manager/manager.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

// A request of a sync that nobody waits for.
constexpr absl::Duration kRequestTimeout = absl::Seconds(30);
// A run with nobody waiting: what is not done by then is left to the next.
constexpr absl::Duration kRunPatience = absl::Minutes(9);
// Renewing and running: more is no use.
constexpr int kTurnsMax = 4;
// The driver looks by itself this often; it is woken for all that happens.
constexpr absl::Duration kWaitLongest = absl::Minutes(1);
// While another process syncs, and at first after a failure of the store.
constexpr absl::Duration kRest = absl::Milliseconds(200);
constexpr absl::Duration kRestLongest = absl::Minutes(1);
constexpr int kDoublingsMax = 10;

absl::Status LogInFirst() { return Error(Code::kMissingToken, "log in to sync"); }

}  // namespace

absl::StatusOr<RunEnd> Manager::SyncNow(absl::Duration patience) {
  Work work(*this);
  absl::StatusOr<Gate::Pass> pass = sync_gate_.Enter(patience, work.cancellation());
  if (!pass.ok()) return pass.status();
  // Only now: a request that has no time left after the wait for others says nothing against the network.
  const Deadline until = CondVar::In(patience);
  // Whoever was at it last has died, or has said how it ended.
  if (absl::Status told = Tell(event::RunAbandoned{}); !told.ok()) return told;
  if (absl::Status told = Tell(event::Asked{}); !told.ok()) return told;
  return RunDue(until, absl::ZeroDuration(), work.cancellation());
}

absl::StatusOr<RunEnd> Manager::SyncIfDue(absl::Duration patience) {
  Work work(*this);
  absl::StatusOr<Gate::Pass> pass = sync_gate_.Enter(patience, work.cancellation());
  if (!pass.ok()) return pass.status();
  const Deadline until = CondVar::In(patience);
  if (absl::Status told = Tell(event::RunAbandoned{}); !told.ok()) return told;
  if (absl::Status told = Tell(AppStarted()); !told.ok()) return told;
  int64_t pending = 0;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    pending = tx.CountPending();
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  // Nothing waits, and nothing is due: that is well.
  if (pending == 0 && schedule_.view().next && !IsDue()) return RunEnd{};
  const absl::Duration debounce =
      generation_ == Generation::kV1 ? settings_.v1.debounce : settings_.final.debounce;
  return RunDue(until, pending > 0 ? debounce : absl::ZeroDuration(), work.cancellation());
}

// `horizon`: what is due a little later counts as due.
absl::StatusOr<RunEnd> Manager::RunDue(Deadline until, absl::Duration horizon, Cancellation& cancellation) {
  absl::StatusOr<RunEnd> end = absl::InternalError("no turn was taken");
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    const std::optional<Due> next = schedule_.view().next;
    if (!next) return LogInFirst();
    if (next->at.value > clock_.Now().value + absl::ToInt64Milliseconds(horizon)) return WaitsError();
    if (next->trigger == Trigger::kRenew) {
      if (absl::Status renewed = RenewDue(cancellation); !renewed.ok()) return renewed;
      continue;
    }
    end = RunOne(next->trigger, until, cancellation);
    // With a new token once more.
    if (end.ok() || !IsTokenRefused(end.status())) return end;
  }
  return end;
}

absl::Status Manager::WaitsError() const {
  const ScheduleKeeper::View view = schedule_.view();
  const int64_t wait = view.next ? view.next->at.value - clock_.Now().value : 0;
  const std::string message = view.message.empty() ? "syncing waits, to spare the service" : view.message;
  return Error(Code::kRateLimited, message, {.retry_after = absl::Milliseconds(std::max<int64_t>(wait, 0))});
}

absl::Status Manager::RenewDue(Cancellation& cancellation) {
  std::string refused;
  {
    MutexLock lock(&mutex_);
    refused = std::exchange(refused_token_, "");
  }
  if (refused.empty()) {
    // Another process was refused, and has not said with which.
    absl::StatusOr<std::optional<SavedSession>> saved = session_.Load();
    if (saved.ok() && *saved) refused = (*saved)->access_token;
  }
  return Renew(For::kRun, refused, cancellation).status();
}

absl::StatusOr<RunEnd> Manager::RunOne(Trigger trigger, Deadline until, Cancellation& cancellation) {
  absl::StatusOr<Renewed> token = Token(For::kRun, cancellation);
  if (!token.ok()) return token.status();
  // A request without time would fail, and pass for a network that is away.
  if (CondVar::In(absl::ZeroDuration()) >= until)
    return absl::DeadlineExceededError("renewing the session took all the time there was");
  if (absl::Status told = Tell(event::RunBegan{trigger}); !told.ok()) return told;
  syncing_ = true;
  notifier_.StatusChanged();
  absl::StatusOr<RunReport> report = Exchanged(trigger, until, token->access_token, cancellation);
  syncing_ = false;
  notifier_.StatusChanged();
  if (!report.ok()) {
    Tell(event::RunAbandoned{}).IgnoreError();
    return report.status();
  }
  notifier_.TasksChanged(report->touched);
  if (report->abandoned) return report->end.error;
  notifier_.Synced(report->end);
  if (report->end.how == RunEnd::How::kFailed) return report->end.error;
  return report->end;
}

absl::StatusOr<RunReport> Manager::Exchanged(Trigger trigger, Deadline until, const std::string& token,
                                             Cancellation& cancellation) {
  Exchange exchange(store_, random_, {.generation = generation_});
  const bool knows_news = trigger == Trigger::kHead || trigger == Trigger::kPull;
  const bool is_degraded = schedule_.view().state == ConnectionState::kDegraded;
  const RunOptions options{.may_check = !knows_news, .push_only = is_degraded && trigger == Trigger::kEdit};
  const Call call{.access_token = token, .timeout = kRequestTimeout, .cancellation = &cancellation};
  absl::StatusOr<RunReport> report = RunSync(exchange, options, *transport_, call, until, clock_);
  if (!report.ok()) return report;
  const bool is_refused = IsTokenRefused(report->end.error);
  // Nothing is known against the token that has come meanwhile: the next turn takes that.
  if (is_refused && !IsSaved(token)) report->abandoned = true;
  std::string etag;
  const absl::Status told = store_.Write([&](Transaction& tx) {
    etag = tx.GetReplica().etag;
    schedule_.TellWithin(tx, EventOf(*report, etag), clock_.Now());
    return absl::OkStatus();
  });
  if (!told.ok()) return told;
  if (is_refused && !report->abandoned) {
    MutexLock lock(&mutex_);
    refused_token_ = token;
  }
  // Refused with a token that was just renewed: the session is over.
  if (schedule_.view().logged_out) {
    if (auto left = session_.Leave(cancellation); !left.ok()) return left.status();
  }
  Wake();
  return report;
}

bool Manager::IsSaved(const std::string& token) {
  const absl::StatusOr<std::optional<SavedSession>> saved = session_.Load();
  return !saved.ok() || (*saved && (*saved)->access_token == token);
}

void Manager::Drive(Cancellation& cancellation) {
  bool may_have_died = true;
  int failures = 0;
  while (!cancellation.cancelled()) {
    const ScheduleKeeper::View view = schedule_.view();
    stream_.SetWanted(foreground_ && generation_ == Generation::kFinal && !view.logged_out &&
                      view.state != ConnectionState::kDegraded);
    if (!IsDue() && !may_have_died) {
      Await();
      continue;
    }
    const Served served = Serve(cancellation, may_have_died);
    failures = served == Served::kFailed ? failures + 1 : 0;
    if (served != Served::kAll) Rest(RestAfter(failures), cancellation);
  }
}

Manager::Served Manager::Serve(Cancellation& cancellation, bool& may_have_died) {
  absl::StatusOr<std::optional<Gate::Pass>> pass = sync_gate_.TryEnter();
  if (!pass.ok()) return Served::kFailed;
  if (!*pass) return Served::kElsewhere;
  // With the gate passed nobody else is at it. What a process took along that died is due again.
  const absl::Status known =
      std::exchange(may_have_died, false) ? Tell(event::RunAbandoned{}) : schedule_.Refresh();
  if (!known.ok()) return Served::kFailed;
  if (!IsDue()) return Served::kAll;
  const std::optional<Due> before = schedule_.view().next;
  RunDue(CondVar::In(kRunPatience), absl::ZeroDuration(), cancellation).IgnoreError();
  // The schedule has moved on, whatever came of it; if it could not be told, the store is to have a rest.
  return schedule_.view().next == before ? Served::kFailed : Served::kAll;
}

bool Manager::IsDue() const {
  const std::optional<Due> next = schedule_.view().next;
  return next && next->at <= clock_.Now();
}

void Manager::Await() {
  const Deadline deadline = CondVar::In(kWaitLongest);
  MutexLock lock(&mutex_);
  while (!woken_ && !cancellation_->cancelled()) {
    if (!changed_.WaitUntil(mutex_, deadline)) break;
  }
  woken_ = false;
}

absl::Duration Manager::RestAfter(int failures) {
  return std::min(kRestLongest, kRest * (1 << std::clamp(failures - 1, 0, kDoublingsMax)));
}

void Manager::Rest(absl::Duration rest, Cancellation& cancellation) {
  const Deadline deadline = CondVar::In(rest);
  MutexLock lock(&mutex_);
  while (!cancellation.cancelled()) {
    if (!changed_.WaitUntil(mutex_, deadline)) return;
  }
}

}  // namespace tidemark::client
