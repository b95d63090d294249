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
  // Opens the file, or makes it and its folder, for the person alone to read.
  // kDataLoss: it is damaged, or not ours. kFailedPrecondition: a newer version of Tidemark has made it.
  // kPermissionDenied, kUnavailable: the file system says so.
  static absl::StatusOr<std::unique_ptr<LocalStore>> Open(const std::string& path);

  absl::Status Write(Body body) override;
  absl::Status Read(Body body) override;
  absl::StatusOr<int64_t> Revision() override;

 private:
  explicit SqliteStore(const std::string& path) : database_(path) {}
  void Prepare();
  void CheckOurs();
  absl::Status Transact(Body body, const char* begin, const char* end);
  int64_t DataVersion();

  std::mutex mutex_;
  Database database_;
  // What SQLite counts of other connections' commits, and what we make of it and our own.
  int64_t data_version_ = 0;
  int64_t revision_ = 0;
};

}  // namespace tidemark::client
