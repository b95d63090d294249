#include "tests/simulation/sqlite_disk.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "client/store/sqlite/sqlite_store.h"

namespace tidemark::simulation {
namespace {

class SqliteDisk : public Disk {
 public:
  SqliteDisk() : folder_(NewFolder()) { Open(); }
  explicit SqliteDisk(const std::filesystem::path& copied) : folder_(NewFolder()) {
    std::filesystem::copy(copied, folder_);
    Open();
  }
  ~SqliteDisk() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  client::LocalStore& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    Open();
  }
  std::unique_ptr<Disk> Clone() override {
    store_.reset();
    auto clone = std::make_unique<SqliteDisk>(folder_);
    Open();
    return clone;
  }

 private:
  static std::filesystem::path NewFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "tidemark-device-XXXXXX").string();
    if (!::mkdtemp(path.data())) std::abort();
    return path;
  }
  void Open() {
    auto store = client::SqliteStore::Open((folder_ / "tasks.db").string());
    if (!store.ok()) std::abort();
    store_ = *std::move(store);
  }

  const std::filesystem::path folder_;
  std::unique_ptr<client::LocalStore> store_;
};

}  // namespace

std::unique_ptr<Disk> MakeSqliteDisk() { return std::make_unique<SqliteDisk>(); }

}  // namespace tidemark::simulation
