// The store in a SQLite file (decision 33): the truth that several processes share.
//
//   absl::StatusOr<std::unique_ptr<LocalStore>> store =
//   SqliteStore::Open("tidemark/tasks.db");
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "client/store/local_store.h"
#include "client/store/sqlite/sqlite.h"

namespace tidemark::client {

class SqliteStore : public LocalStore {
 public:
  // Opens the file, or makes it and its folder, for the person alone to read. Where nothing can be written,
  // such as on a full disk, what is there can still be read; then each Write() says why it cannot. kDataLoss:
  // it is damaged, or not ours. kFailedPrecondition: a newer version of Tidemark has made it.
  // kPermissionDenied, kResourceExhausted, kUnavailable: the file system says so.
  static absl::StatusOr<std::unique_ptr<LocalStore>> Open(const std::string& path);

  absl::Status Write(Body body) override;
  absl::Status Read(Body body) override;
  absl::StatusOr<int64_t> Revision() override;

 private:
  SqliteStore(const std::string& path, Database::Mode mode) : database_(path, mode) {}
  static absl::StatusOr<std::unique_ptr<LocalStore>> OpenToWrite(const std::string& path, bool& is_locked);
  static absl::StatusOr<std::unique_ptr<LocalStore>> OpenToRead(const std::string& path,
                                                                const absl::Status& why);
  void Prepare();
  void CheckOurs();
  absl::Status Transact(Body body, const char* begin, const char* end);
  int64_t DataVersion();

  std::mutex mutex_;
  Database database_;
  // OK: it can be written.
  absl::Status why_not_ = absl::OkStatus();
  // What SQLite counts of other connections' commits, and what we make of it and our own.
  int64_t data_version_ = 0;
  int64_t revision_ = 0;
};

}  // namespace tidemark::client
