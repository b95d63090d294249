// A device for the end-to-end tests: the client library, told what to do on the command line.
//
//   tidemark-probe STORE COMMAND [WORDS] [-- COMMAND [WORDS]]…
//     register EMAIL | login EMAIL | logout          the password comes in TIDEMARK_PASSWORD
//     add TEXT | edit ID TEXT | done ID | rm ID
//     sync | due                                     SyncNow, SyncIfDue
//     list | status | pending | devices
//     watch                                          until it is ended: the list, and the status, whenever
//     they change
//
// Each command prints one JSON object: what it was for, and "error" (its code) with "detail" if it failed.
// The services' addresses come in TIDEMARK_SYNC_ADDRESS and TIDEMARK_AUTH_ADDRESS.
//
// TIDEMARK_PROBE_DIE_AT=N: it kills itself (SIGKILL) at its N-th step: before and after each commit of the
// store, and before each request and after each answer. TIDEMARK_PROBE_AHEAD=SECONDS: its clock is ahead.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "client/store/sqlite/sqlite_store.h"
#include "client/sync_manager.h"
#include "client/transport/grpc/grpc_transport.h"
#include "client/transport/tells_code.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

namespace json = boost::json;

constexpr absl::Duration kPatience = absl::Seconds(30);

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void Say(const json::object& object) {
  std::puts(json::serialize(object).c_str());
  std::fflush(stdout);
}

// Counts the steps, and ends the process at one of them as kill -9 does.
class Fate {
 public:
  explicit Fate(int64_t die_at) : die_at_(die_at) {}
  void Step() {
    if (++steps_ == die_at_) ::kill(::getpid(), SIGKILL);
  }

 private:
  const int64_t die_at_;
  std::atomic<int64_t> steps_ = 0;
};

class MortalStore final : public LocalStore {
 public:
  MortalStore(std::unique_ptr<LocalStore> store, Fate& fate) : store_(std::move(store)), fate_(fate) {}
  absl::Status Write(Body body) override {
    fate_.Step();
    absl::Status status = store_->Write(body);
    fate_.Step();
    return status;
  }
  absl::Status Read(Body body) override { return store_->Read(body); }
  absl::StatusOr<int64_t> Revision() override { return store_->Revision(); }

 private:
  const std::unique_ptr<LocalStore> store_;
  Fate& fate_;
};

class MortalTransport final : public SyncTransport {
 public:
  MortalTransport(std::unique_ptr<SyncTransport> transport, Fate& fate)
      : transport_(std::move(transport)), fate_(fate) {}

  Reply<CheckAnswer> Check(const Call& call, const CheckAsk& ask) override {
    return Between([&] { return transport_->Check(call, ask); });
  }
  Reply<Page> Sync(const Call& call, const SyncAsk& ask) override {
    return Between([&] { return transport_->Sync(call, ask); });
  }
  Reply<V1Page> SyncV1(const Call& call, const V1Ask& ask) override {
    return Between([&] { return transport_->SyncV1(call, ask); });
  }
  absl::Status Watch(const Call& call, absl::FunctionRef<void(const std::string&)> on_head) override {
    return transport_->Watch(call, on_head);
  }
  absl::StatusOr<std::vector<HistoryEntry>> History(const Call& call, const TaskId& id) override {
    return transport_->History(call, id);
  }
  absl::StatusOr<std::vector<DeviceStatus>> Devices(const Call& call) override {
    return transport_->Devices(call);
  }
  absl::StatusOr<Usage> GetUsage(const Call& call) override { return transport_->GetUsage(call); }
  absl::StatusOr<Tokens> Register(const Call& call, const Credentials& who, const DeviceId& device) override {
    return transport_->Register(call, who, device);
  }
  absl::StatusOr<Tokens> Login(const Call& call, const Credentials& who, const DeviceId& device) override {
    return transport_->Login(call, who, device);
  }
  absl::StatusOr<Tokens> Refresh(const Call& call, const std::string& refresh_token) override {
    return Between([&] { return transport_->Refresh(call, refresh_token); });
  }
  absl::Status Logout(const Call& call, const std::string& refresh_token) override {
    return transport_->Logout(call, refresh_token);
  }
  absl::Status ChangePassword(const Call& call, const std::string& current_password,
                              const std::string& new_password) override {
    return transport_->ChangePassword(call, current_password, new_password);
  }
  absl::StatusOr<std::vector<SessionInfo>> Sessions(const Call& call) override {
    return transport_->Sessions(call);
  }
  absl::Status RevokeSession(const Call& call, const SessionId& session) override {
    return transport_->RevokeSession(call, session);
  }
  absl::Status DeleteAccount(const Call& call, const std::string& password) override {
    return transport_->DeleteAccount(call, password);
  }

 private:
  template <typename F>
  std::invoke_result_t<F> Between(F ask) {
    fate_.Step();
    auto answer = ask();
    fate_.Step();
    return answer;
  }

  const std::unique_ptr<SyncTransport> transport_;
  Fate& fate_;
};

class ClockAhead final : public Clock {
 public:
  explicit ClockAhead(int64_t seconds) : millis_(seconds * 1000) {}
  UnixMillis Now() const override { return {clock_.Now().value + millis_}; }

 private:
  const SystemClock clock_;
  const int64_t millis_;
};

json::array ToJson(const std::vector<Task>& tasks) {
  json::array array;
  for (const Task& task : tasks) {
    array.push_back({{"id", task.id.value()},
                     {"content", task.content},
                     {"completed", task.completed},
                     {"pinned", task.pinned},
                     {"pending", task.pending}});
  }
  return array;
}

void AddStatus(const SyncStatus& status, json::object& said) {
  constexpr const char* kStates[] = {"online", "degraded", "offline", "sign_in_needed"};
  said["state"] = kStates[static_cast<int>(status.state)];
  said["message"] = status.message;
  said["pending"] = status.pending;
  said["rejected"] = status.rejected;
  said["conflicts"] = status.conflicts;
  said["next_due"] = status.next_due ? status.next_due->value : 0;
  said["live"] = status.live;
}

// One word for how it went, and what it brought.
class Probe {
 public:
  explicit Probe(SyncManager& manager) : manager_(manager) {}

  bool Do(const std::vector<std::string>& words) {
    said_ = {{"did", words[0]}};
    const absl::Status status = Try(words);
    if (!status.ok()) {
      said_["error"] = TellsCode(status) ? std::string(InfoOf(ErrorInfoOf(status).code).name)
                                         : absl::StatusCodeToString(status.code());
      said_["detail"] = std::string(status.message());
    }
    Say(said_);
    return status.ok();
  }

 private:
  absl::Status Try(const std::vector<std::string>& words) {
    const std::string& what = words[0];
    const auto word = [&](std::size_t index) { return index < words.size() ? words[index] : ""; };
    if (what == "register")
      return manager_.Register({.email = word(1), .password = Env("TIDEMARK_PASSWORD")});
    if (what == "login") return manager_.Login({.email = word(1), .password = Env("TIDEMARK_PASSWORD")});
    if (what == "logout") return manager_.Logout().status();
    if (what == "add") return Took(manager_.Add(word(1)));
    if (what == "edit") return Took(manager_.Edit(TaskId(word(1)), word(2)));
    if (what == "done") return Took(manager_.Complete(TaskId(word(1)), true));
    if (what == "rm") return manager_.Delete(TaskId(word(1)));
    if (what == "sync") return Synced(manager_.SyncNow(kPatience));
    if (what == "due") return Synced(manager_.SyncIfDue(kPatience));
    if (what == "list") return List();
    if (what == "status") return Status();
    if (what == "pending") return Pending();
    if (what == "devices") return Devices();
    if (what == "watch") return Watch();
    return absl::InvalidArgumentError("no such command");
  }

  absl::Status Took(const absl::StatusOr<Task>& task) {
    if (task.ok()) said_["id"] = task->id.value();
    return task.status();
  }

  absl::Status Synced(const absl::StatusOr<RunEnd>& end) {
    if (!end.ok()) {
      if (const auto wait = ErrorInfoOf(end.status()).details.retry_after) {
        said_["retry_after"] = absl::ToInt64Seconds(*wait);
      }
      return end.status();
    }
    said_["pushed"] = end->pushed;
    said_["pulled"] = end->pulled;
    said_["requests"] = end->requests;
    said_["deferred"] = end->how == RunEnd::How::kDeferred;
    return absl::OkStatus();
  }

  absl::Status List() {
    const absl::StatusOr<std::vector<Task>> tasks = manager_.List();
    if (tasks.ok()) said_["tasks"] = ToJson(*tasks);
    return tasks.status();
  }

  absl::Status Status() {
    const absl::StatusOr<SyncStatus> status = manager_.Status();
    if (status.ok()) AddStatus(*status, said_);
    return status.status();
  }

  absl::Status Pending() {
    const absl::StatusOr<std::vector<Change>> pending = manager_.Pending();
    if (pending.ok()) said_["count"] = pending->size();
    return pending.status();
  }

  absl::Status Devices() {
    const absl::StatusOr<std::vector<DeviceStatus>> devices = manager_.Devices();
    if (!devices.ok()) return devices.status();
    json::array told;
    for (const DeviceStatus& device : *devices) {
      told.push_back({{"device_id", device.device.value()}, {"up_to_date", device.up_to_date}});
    }
    said_["devices"] = std::move(told);
    return absl::OkStatus();
  }

  absl::Status Watch() {
    manager_.SetForeground(true);
    const auto say_list = [this](const ChangedTasks&) {
      const absl::StatusOr<std::vector<Task>> tasks = manager_.List();
      if (tasks.ok()) Say({{"did", "tasks"}, {"tasks", ToJson(*tasks)}});
    };
    const auto say_status = [](const SyncStatus& status) {
      json::object said = {{"did", "status"}};
      AddStatus(status, said);
      Say(said);
    };
    manager_.Start({.on_tasks = say_list, .on_status = say_status});
    // Until the other end is closed.
    while (std::getchar() != EOF) {
    }
    manager_.Stop();
    return absl::OkStatus();
  }

  SyncManager& manager_;
  json::object said_;
};

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return 2;
  Fate fate(std::atoll(Env("TIDEMARK_PROBE_DIE_AT").c_str()));
  const ClockAhead clock(std::atoll(Env("TIDEMARK_PROBE_AHEAD").c_str()));
  auto store = SqliteStore::Open(arguments[0]);
  auto transport = NewGrpcTransport(
      {.address = Env("TIDEMARK_SYNC_ADDRESS"), .auth_address = Env("TIDEMARK_AUTH_ADDRESS")});
  if (!store.ok() || !transport.ok()) return 3;
  SyncOptions options;
  options.store_path = arguments[0];
  options.clock = &clock;
  options.store = std::make_unique<MortalStore>(*std::move(store), fate);
  options.transport = std::make_unique<MortalTransport>(*std::move(transport), fate);
  const auto manager = SyncManager::Open(std::move(options));
  if (!manager.ok()) return 4;
  Probe probe(**manager);
  bool all_well = true;
  std::vector<std::string> words;
  for (std::size_t i = 1; i <= arguments.size(); ++i) {
    if (i < arguments.size() && arguments[i] != "--") {
      words.push_back(arguments[i]);
    } else if (!words.empty()) {
      all_well = probe.Do(words) && all_well;
      words.clear();
    }
  }
  return all_well ? 0 : 1;
}

}  // namespace
}  // namespace tidemark::client

int main(int argc, char** argv) { return tidemark::client::Main({argv + 1, argv + argc}); }
