#include "client/testing/fake_service.h"

#include <utility>

#include "common/status/error.h"

namespace tidemark::client {
namespace {

const DeviceId kElsewhere("elsewhere");

int NumberOf(const std::string& token) { return token.size() < 2 ? 0 : std::stoi(token.substr(1)); }

void Lay(const Fields& over, Fields& under) { under = LaidOver(under, over); }

}  // namespace

void FakeService::FailWith(absl::Status error) {
  MutexLock lock(&mutex_);
  failure_ = std::move(error);
  changed_.NotifyAll();
}

void FakeService::FailSyncsWith(absl::Status error) {
  MutexLock lock(&mutex_);
  sync_failure_ = std::move(error);
}

void FakeService::LoseAnswers(bool lose) {
  MutexLock lock(&mutex_);
  lose_ = lose;
}

void FakeService::HoldSyncs(bool hold) {
  MutexLock lock(&mutex_);
  hold_ = hold;
  changed_.NotifyAll();
}

void FakeService::HoldRefreshes(bool hold) {
  MutexLock lock(&mutex_);
  hold_refreshes_ = hold;
  changed_.NotifyAll();
}

void FakeService::LoseRefreshes(int count) {
  MutexLock lock(&mutex_);
  refreshes_to_lose_ = count;
}

void FakeService::ExpireTokens() {
  MutexLock lock(&mutex_);
  first_good_token_ = tokens_given_ + 1;
  changed_.NotifyAll();
}

void FakeService::RevokeSessions() {
  MutexLock lock(&mutex_);
  revoked_ = true;
  first_good_token_ = tokens_given_ + 1;
  changed_.NotifyAll();
}

void FakeService::PutElsewhere(const TaskId& id, const std::string& content) {
  MutexLock lock(&mutex_);
  Page page;
  Change change{.id = id, .version = {1}, .updated_at = {1}, .device = kElsewhere};
  change.fields.content = content;
  change.number = {highest_[kElsewhere].value + 1};
  Apply(change, page);
}

std::map<TaskId, std::string> FakeService::Contents() {
  MutexLock lock(&mutex_);
  std::map<TaskId, std::string> contents;
  for (const auto& [id, task] : tasks_) {
    if (!task.fields.deletes()) contents[id] = *task.fields.content;
  }
  return contents;
}

int FakeService::syncs() {
  MutexLock lock(&mutex_);
  return syncs_;
}

int FakeService::checks() {
  MutexLock lock(&mutex_);
  return checks_;
}

int FakeService::refreshes() {
  MutexLock lock(&mutex_);
  return refreshes_;
}

int FakeService::streams() {
  MutexLock lock(&mutex_);
  return streams_;
}

int FakeService::registered() {
  MutexLock lock(&mutex_);
  return registered_;
}

int FakeService::applied() {
  MutexLock lock(&mutex_);
  return applied_;
}

int FakeService::repeated() {
  MutexLock lock(&mutex_);
  return repeated_;
}

bool FakeService::is_holding() {
  MutexLock lock(&mutex_);
  return holding_ > 0;
}

absl::Status FakeService::Admit(const Call& call) {
  if (call.cancellation != nullptr && call.cancellation->cancelled()) return absl::CancelledError();
  if (!failure_.ok()) return failure_;
  if (call.access_token.empty()) return Error(Code::kMissingToken, "no token");
  if (NumberOf(call.access_token) < first_good_token_)
    return Error(Code::kExpiredToken, "the token has expired");
  return absl::OkStatus();
}

Tokens FakeService::NewTokens() {
  const std::string number = std::to_string(++tokens_given_);
  return {.user_id = "u1",
          .access_token = "a" + number,
          .expires_in = absl::Minutes(15),
          .refresh_token = "r" + number};
}

std::string FakeService::Etag() {
  int64_t count = 0;
  int64_t versions = 0;
  for (const auto& [id, task] : tasks_) {
    if (task.fields.deletes()) continue;
    ++count;
    versions += task.version.value;
  }
  return "\"" + std::to_string(count) + "-" + std::to_string(high_water_) + "-" + std::to_string(versions) +
         "\"";
}

void FakeService::Apply(const Change& change, Page& page) {
  MutationId& highest = highest_[change.device];
  Update& task = tasks_[change.id];
  if (change.number <= highest) {
    ++repeated_;
    page.updates.push_back(task);
    return;
  }
  highest = change.number;
  ++applied_;
  const bool is_new = task.id.empty();
  task.id = change.id;
  task.device = change.device;
  task.updated_at = change.updated_at;
  if (is_new) {
    task.created_at = change.created_at.value_or(change.updated_at);
    task.fields = {.content = "", .completed = false, .pinned = false, .deleted_at = kLive};
  }
  const bool fits = change.version.value > task.version.value;
  task.version = fits ? change.version : Version{task.version.value + 1};
  Lay(change.fields, task.fields);
  changed_at_[change.id] = Stamp{++high_water_};
  if (!fits) page.updates.push_back(task);
  changed_.NotifyAll();
}

absl::Status FakeService::AwaitRelease(const Call& call, const bool& hold) {
  const Cancellation::OnCancel wake(call.cancellation, [this] { changed_.NotifyAll(); });
  const CondVar::Deadline deadline = CondVar::In(call.timeout);
  ++holding_;
  absl::Status status;
  while (hold && status.ok()) {
    if (call.cancellation != nullptr && call.cancellation->cancelled()) status = absl::CancelledError();
    if (CondVar::In(absl::ZeroDuration()) >= deadline) status = absl::UnavailableError("too late");
    if (status.ok()) changed_.WaitUntil(mutex_, CondVar::In(absl::Milliseconds(5)));
  }
  --holding_;
  return status;
}

Reply<CheckAnswer> FakeTransport::Check(const Call& call, const CheckAsk& ask) {
  MutexLock lock(&service_.mutex_);
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return {admitted};
  if (!service_.sync_failure_.ok()) return {service_.sync_failure_};
  ++service_.checks_;
  const std::string etag = service_.Etag();
  return {CheckAnswer{.not_modified = etag == ask.etag, .etag = etag}};
}

Reply<Page> FakeTransport::Sync(const Call& call, const SyncAsk& ask) {
  MutexLock lock(&service_.mutex_);
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return {admitted};
  if (!service_.sync_failure_.ok()) return {service_.sync_failure_};
  if (absl::Status released = service_.AwaitRelease(call, service_.hold_); !released.ok()) return {released};
  // The token may have expired meanwhile.
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return {admitted};
  ++service_.syncs_;
  Page page;
  std::set<TaskId> pushed;
  for (const Change& change : ask.changes) {
    service_.Apply(change, page);
    pushed.insert(change.id);
  }
  for (const auto& [id, task] : service_.tasks_) {
    if (service_.changed_at_[id] <= ask.last_sync || pushed.count(id) > 0) continue;
    if (task.fields.deletes()) {
      page.deleted.push_back(id);
    } else {
      page.updates.push_back(task);
    }
  }
  if (service_.lose_) return {absl::UnavailableError("cut")};
  page.server_time = Stamp{service_.high_water_};
  page.epoch = Epoch("e1");
  page.etag = service_.Etag();
  return {
      page,
      LimitTold{
          .policy = "sync", .remaining = 9, .limit = 10, .reset = absl::Hours(4), .window = absl::Hours(40)}};
}

Reply<V1Page> FakeTransport::SyncV1(const Call&, const V1Ask&) { return {absl::UnimplementedError("V1")}; }

absl::Status FakeTransport::Watch(const Call& call, absl::FunctionRef<void(const std::string&)> on_head) {
  Cancellation never;
  Cancellation& cancellation = call.cancellation == nullptr ? never : *call.cancellation;
  std::string told;
  {
    MutexLock lock(&service_.mutex_);
    if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return admitted;
    ++service_.streams_;
  }
  while (!cancellation.cancelled()) {
    std::string etag;
    {
      MutexLock lock(&service_.mutex_);
      if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return admitted;
      etag = service_.Etag();
      if (etag == told) service_.changed_.WaitUntil(service_.mutex_, CondVar::In(absl::Milliseconds(5)));
    }
    if (etag != told) on_head(told = etag);
  }
  return absl::CancelledError();
}

absl::StatusOr<std::vector<HistoryEntry>> FakeTransport::History(const Call& call, const TaskId&) {
  MutexLock lock(&service_.mutex_);
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return admitted;
  return std::vector<HistoryEntry>();
}

absl::StatusOr<std::vector<DeviceStatus>> FakeTransport::Devices(const Call& call) {
  MutexLock lock(&service_.mutex_);
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return admitted;
  return std::vector<DeviceStatus>();
}

absl::StatusOr<Usage> FakeTransport::GetUsage(const Call& call) {
  MutexLock lock(&service_.mutex_);
  if (absl::Status admitted = service_.Admit(call); !admitted.ok()) return admitted;
  return Usage{.quota_state = "open"};
}

absl::StatusOr<Tokens> FakeTransport::Register(const Call& call, const Credentials& who,
                                               const DeviceId& device) {
  {
    MutexLock lock(&service_.mutex_);
    ++service_.registered_;
  }
  return Login(call, who, device);
}

absl::StatusOr<Tokens> FakeTransport::Login(const Call&, const Credentials& who, const DeviceId&) {
  MutexLock lock(&service_.mutex_);
  if (!service_.failure_.ok()) return service_.failure_;
  Tokens tokens = service_.NewTokens();
  // Who another address belongs to is another user.
  tokens.user_id = who.email;
  service_.revoked_ = false;
  return tokens;
}

absl::StatusOr<Tokens> FakeTransport::Refresh(const Call& call, const std::string&) {
  MutexLock lock(&service_.mutex_);
  if (!service_.failure_.ok()) return service_.failure_;
  if (absl::Status released = service_.AwaitRelease(call, service_.hold_refreshes_); !released.ok())
    return released;
  ++service_.refreshes_;
  if (service_.revoked_) return Error(Code::kTokenReused, "the session has ended");
  if (service_.refreshes_to_lose_ > 0) {
    --service_.refreshes_to_lose_;
    return absl::UnavailableError("the connection broke");
  }
  return service_.NewTokens();
}

absl::Status FakeTransport::Logout(const Call&, const std::string&) {
  MutexLock lock(&service_.mutex_);
  return service_.failure_;
}
absl::Status FakeTransport::ChangePassword(const Call&, const std::string&, const std::string&) {
  return absl::OkStatus();
}
absl::StatusOr<std::vector<SessionInfo>> FakeTransport::Sessions(const Call&) {
  return std::vector<SessionInfo>();
}
absl::Status FakeTransport::RevokeSession(const Call&, const SessionId&) { return absl::OkStatus(); }
absl::Status FakeTransport::DeleteAccount(const Call&, const std::string&) { return absl::OkStatus(); }

}  // namespace tidemark::client
