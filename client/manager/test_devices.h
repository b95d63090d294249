// Devices of one person before a service that is made up, for the tests of the manager.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "client/credentials/memory_credentials.h"
#include "client/manager/manager.h"
#include "client/store/memory/memory_store.h"
#include "client/store/sync_lock.h"
#include "client/testing/fake_service.h"
#include "common/status/error.h"

namespace tidemark::client {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr int64_t kStart = 1'735'689'600'000;

// Asks again and again until the deadline.
inline bool Eventually(const std::function<bool()>& holds) {
  Mutex mutex;
  CondVar never;
  const CondVar::Deadline deadline = CondVar::In(kPatience);
  while (!holds()) {
    if (CondVar::In(absl::ZeroDuration()) >= deadline) return false;
    MutexLock lock(&mutex);
    never.WaitUntil(mutex, CondVar::In(absl::Milliseconds(2)));
  }
  return true;
}

// What several managers may have in common: they are processes on one store.
class SharedStore final : public LocalStore {
 public:
  explicit SharedStore(LocalStore& store) : store_(store) {}
  absl::Status Write(Body body) override { return store_.Write(body); }
  absl::Status Read(Body body) override {
    ++reads_;
    return store_.Read(body);
  }
  absl::StatusOr<int64_t> Revision() override {
    ++looks_;
    return store_.Revision();
  }
  int reads() const { return reads_; }
  // At what others wrote.
  int looks() const { return looks_; }

 private:
  LocalStore& store_;
  std::atomic<int> reads_ = 0;
  std::atomic<int> looks_ = 0;
};

class SharedCredentials final : public CredentialStore {
 public:
  explicit SharedCredentials(CredentialStore& credentials) : credentials_(credentials) {}
  absl::StatusOr<std::optional<SavedSession>> Load() override { return credentials_.Load(); }
  absl::Status Save(const SavedSession& session) override { return credentials_.Save(session); }
  absl::Status Clear() override { return credentials_.Clear(); }

 private:
  CredentialStore& credentials_;
};

// All that one device has.
struct Device {
  MemoryStore store;
  MemoryCredentials credentials;
};

class ManagerTest : public testing::Test {
 protected:
  std::unique_ptr<Manager> Open(Device& device, const std::string& sync_lock_path = "") {
    auto store = std::make_unique<SharedStore>(device.store);
    opened_ = store.get();
    auto manager = std::make_unique<Manager>(
        ManagerParts{.store = std::move(store),
                     .transport = std::make_unique<FakeTransport>(service_),
                     .credentials = std::make_unique<SharedCredentials>(device.credentials),
                     .clock = &clock_,
                     .random = &random_,
                     .settings = &DefaultScheduleSettings(),
                     .sync_lock_path = sync_lock_path});
    EXPECT_TRUE(manager->Prepare().ok());
    return manager;
  }

  std::unique_ptr<Manager> LoggedIn(Device& device) {
    std::unique_ptr<Manager> manager = Open(device);
    EXPECT_TRUE(manager->Login(kAda).ok());
    return manager;
  }

  std::string ContentOf(Manager& manager, const TaskId& id) {
    const absl::StatusOr<Task> task = manager.Find(id.value());
    return task.ok() ? task->content : "";
  }

  const Credentials kAda{.email = "ada@example.org", .password = "correct horse battery"};
  FakeService service_;
  ManualClock clock_{UnixMillis{kStart}};
  SeededRandom random_{1};
  Device phone_;
  Device laptop_;
  // Of the manager that was opened last.
  SharedStore* opened_ = nullptr;
};

}  // namespace tidemark::client
