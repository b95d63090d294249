#include "client/manager/manager.h"

#include <cstdint>
#include <utility>

#include "client/domain/schedule/watchdog.h"
#include "client/manager/open_conflicts.h"
#include "client/manager/user_note.h"

namespace tidemark::client {
namespace {

// A clock that went back further than this was set.
constexpr int64_t kSetBackMillis = 1'000;

SyncStatus::State StateOf(const ScheduleKeeper::View& view) {
  if (view.logged_out) return SyncStatus::State::kSignInNeeded;
  switch (view.state) {
    case ConnectionState::kDegraded:
      return SyncStatus::State::kDegraded;
    case ConnectionState::kOffline:
      return SyncStatus::State::kOffline;
    case ConnectionState::kOnline:
      break;
  }
  return SyncStatus::State::kOnline;
}

}  // namespace

Manager::Work::Work(Manager& manager) : manager_(manager) {
  MutexLock lock(&manager_.mutex_);
  ++manager_.working_;
  cancellation_ = manager_.cancellation_;
}

Manager::Work::~Work() {
  MutexLock lock(&manager_.mutex_);
  --manager_.working_;
  manager_.changed_.NotifyAll();
}

Manager::Manager(ManagerParts parts)
    : stored_(std::move(parts.store)),
      transport_(std::move(parts.transport)),
      credentials_(std::move(parts.credentials)),
      clock_(*parts.clock),
      random_(*parts.random),
      settings_(*parts.settings),
      generation_(parts.generation),
      store_(*stored_),
      sync_gate_(std::move(parts.sync_lock_path)),
      token_gate_(std::move(parts.token_lock_path)),
      schedule_(store_, settings_, generation_, random_),
      session_(*transport_, *credentials_, token_gate_, clock_),
      cancellation_(std::make_shared<Cancellation>()),
      notifier_({.look = [this] { Look(); },
                 .status =
                     [this] {
                       absl::StatusOr<SyncStatus> status = Status();
                       return status.ok() ? std::optional(*status) : std::nullopt;
                     }}),
      stream_(*transport_, StreamHooks()) {}

absl::Status Manager::Prepare() {
  if (absl::Status read = schedule_.Refresh(); !read.ok()) return read;
  absl::StatusOr<std::optional<SavedSession>> saved = session_.Load();
  const bool logged_in = saved.ok() && saved->has_value();
  // A process may have died between the two. A store that cannot be written now can be read all the same.
  if (logged_in == !schedule_.view().logged_out) return absl::OkStatus();
  BringInStep(logged_in ? *saved : std::nullopt).IgnoreError();
  return absl::OkStatus();
}

absl::Status Manager::BringInStep(const std::optional<SavedSession>& saved) {
  if (!saved) return Tell(event::LoggedOut{});
  const absl::Status owned = store_.Write([&](Transaction& tx) {
    if (ReadUserNote(tx).user_id.empty()) {
      PutUserNote(tx, {.user_id = saved->user_id, .email = saved->email});
    }
    return absl::OkStatus();
  });
  return owned.ok() ? Tell(event::LoggedIn{}) : owned;
}

void Manager::Start(SyncCallbacks callbacks) {
  looked_at_ = clock_.Now();
  // Errors of the store are met again by whoever needs it.
  Tell(AppStarted()).IgnoreError();
  notifier_.Start(std::move(callbacks));
  stream_.Start();
  MutexLock lock(&mutex_);
  driver_ = std::thread([this, cancellation = cancellation_] { Drive(*cancellation); });
}

void Manager::Stop() {
  {
    MutexLock lock(&mutex_);
    cancellation_->Cancel();
    changed_.NotifyAll();
  }
  if (driver_.joinable()) driver_.join();
  stream_.Stop();
  notifier_.Stop();
  MutexLock lock(&mutex_);
  while (working_ > 0) changed_.Wait(mutex_);
  cancellation_ = std::make_shared<Cancellation>();
}

void Manager::SetForeground(bool foreground) {
  if (foreground_.exchange(foreground) == foreground) return;
  const Event event = foreground ? Event(event::CameToFront{}) : Event(event::WentBehind{});
  schedule_.TellHere(event, clock_.Now());
  Wake();
}

void Manager::NetworkIsBack() {
  Tell(event::NetworkBack{}).IgnoreError();
  stream_.TryNow();
}

absl::StatusOr<SyncStatus> Manager::Status() {
  if (absl::Status read = schedule_.Refresh(); !read.ok()) return read;
  const ScheduleKeeper::View view = schedule_.view();
  SyncStatus status{.state = StateOf(view), .since = view.since, .message = view.message};
  if (view.next) status.next_due = view.next->at;
  status.live = live_;
  status.syncing = syncing_;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    const Replica replica = tx.GetReplica();
    status.email = ReadUserNote(tx).email;
    status.device = replica.device;
    status.pending = tx.CountPending();
    status.oldest_pending = tx.OldestPending();
    status.rejected = static_cast<int64_t>(tx.ListRejections().size());
    status.conflicts = static_cast<int64_t>(OpenConflicts(tx).size());
    status.held = replica.held;
    status.synced_at = replica.synced_at;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  status.overdue = IsOverdue(UnsentFor(status.oldest_pending, clock_.Now()), settings_.unsent_overdue);
  return status;
}

absl::Status Manager::Tell(const Event& event) {
  const absl::Status told = schedule_.Tell(event, clock_.Now());
  Wake();
  return told;
}

Event Manager::AppStarted() const {
  const absl::Time now = absl::FromUnixMillis(clock_.Now().value);
  return event::AppStarted{.utc_offset = absl::Seconds(absl::LocalTimeZone().At(now).offset)};
}

void Manager::Wake() {
  WakeDriver();
  notifier_.StatusChanged();
}

void Manager::WakeDriver() {
  MutexLock lock(&mutex_);
  woken_ = true;
  changed_.NotifyAll();
}

// Every now and then, on the notifier's thread.
void Manager::Look() {
  const UnixMillis now = clock_.Now();
  const UnixMillis before = std::exchange(looked_at_, now);
  if (now.value < before.value - kSetBackMillis) Tell(event::Tick{}).IgnoreError();
  if (store_.HasForeignWrites()) {
    schedule_.Refresh().IgnoreError();
    notifier_.AnyTaskChanged();
    Wake();
  }
  // Whoever waits for a time notices neither a sleep of the machine nor a clock that was set. The notifier is
  // not told: it would look again at once, for as long as what is due cannot be served.
  if (IsDue()) WakeDriver();
}

LiveStream::Hooks Manager::StreamHooks() {
  return {.token = [this](Cancellation& cancellation) { return Token(For::kOther, cancellation); },
          .renew =
              [this](const std::string& refused, Cancellation& cancellation) {
                return Renew(For::kOther, refused, cancellation).status();
              },
          .opened =
              [this](bool is_open) {
                live_ = is_open;
                const Event event = is_open ? Event(event::StreamOpened{}) : Event(event::StreamClosed{});
                schedule_.TellHere(event, clock_.Now());
                // Who was offline hears of the network by this.
                if (is_open) Tell(event::NetworkBack{}).IgnoreError();
                Wake();
              },
          .head = [this](const std::string& etag) { Tell(event::HeadTold{etag}).IgnoreError(); },
          .draw = [this] { return DrawFrom(random_); }};
}

}  // namespace tidemark::client
