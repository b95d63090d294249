// A session that ends with the process.
#pragma once

#include "client/credentials/credential_store.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

class MemoryCredentials final : public CredentialStore {
 public:
  absl::StatusOr<std::optional<SavedSession>> Load() override {
    MutexLock lock(&mutex_);
    return session_;
  }
  absl::Status Save(const SavedSession& session) override {
    MutexLock lock(&mutex_);
    session_ = session;
    return absl::OkStatus();
  }
  absl::Status Clear() override {
    MutexLock lock(&mutex_);
    session_.reset();
    return absl::OkStatus();
  }

 private:
  Mutex mutex_;
  std::optional<SavedSession> session_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::client
