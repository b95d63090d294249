#include "tests/simulation/sqlite_disk.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "client/store/sqlite/sqlite_store.h"

namespace tidemark::simulation {
namespace {

// Stays while the one behind it is closed and opened anew.
class ReopenedStore : public client::LocalStore {
 public:
  explicit ReopenedStore(std::string path) : path_(std::move(path)) { Open(); }

  void Close() { store_.reset(); }
  void Open() {
    auto store = client::SqliteStore::Open(path_);
    if (!store.ok()) std::abort();
    store_ = *std::move(store);
  }

  absl::Status Write(Body body) override { return store_->Write(body); }
  absl::Status Read(Body body) override { return store_->Read(body); }
  absl::StatusOr<int64_t> Revision() override { return store_->Revision(); }

 private:
  const std::string path_;
  std::unique_ptr<client::LocalStore> store_;
};

class SqliteDisk : public Disk {
 public:
  SqliteDisk() : SqliteDisk(NewFolder()) {}
  ~SqliteDisk() override {
    store_.Close();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  client::LocalStore& store() override { return store_; }
  void Reopen() override {
    store_.Close();
    store_.Open();
  }
  std::unique_ptr<Disk> Clone() override {
    const std::filesystem::path folder = NewFolder();
    store_.Close();
    std::filesystem::copy(folder_, folder);
    store_.Open();
    return std::unique_ptr<Disk>(new SqliteDisk(folder));
  }

 private:
  explicit SqliteDisk(std::filesystem::path folder)
      : folder_(std::move(folder)), store_((folder_ / "tasks.db").string()) {}

  static std::filesystem::path NewFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "tidemark-device-XXXXXX").string();
    if (!::mkdtemp(path.data())) std::abort();
    return path;
  }

  const std::filesystem::path folder_;
  ReopenedStore store_;
};

}  // namespace

std::unique_ptr<Disk> MakeSqliteDisk() { return std::make_unique<SqliteDisk>(); }

}  // namespace tidemark::simulation
