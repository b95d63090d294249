// The session in a file that only its owner can read.
#pragma once

#include <string>

#include "client/credentials/credential_store.h"

namespace tidemark::client {

// A file of mode 0600, replaced by renaming. Errors: kPermissionDenied (the file cannot be read or made),
// kDataLoss (it is not one of these).
class FileCredentials final : public CredentialStore {
 public:
  // Its folder is there.
  explicit FileCredentials(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::optional<SavedSession>> Load() override;
  absl::Status Save(const SavedSession& session) override;
  absl::Status Clear() override;

 private:
  const std::string path_;
};

}  // namespace tidemark::client
