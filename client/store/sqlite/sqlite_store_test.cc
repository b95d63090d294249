#include "client/store/sqlite/sqlite_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "client/store/local_store_contract.h"
#include "client/store/sqlite/test_folder.h"

namespace tidemark::client {
namespace {

std::unique_ptr<LocalStore> OpenAt(const std::string& path) {
  auto store = SqliteStore::Open(path);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

class SqliteFixture : public StoreFixture {
 public:
  LocalStore& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    store_ = OpenAt(folder_.File("tasks.db"));
  }

 private:
  TestFolder folder_;
  std::unique_ptr<LocalStore> store_ = OpenAt(folder_.File("tasks.db"));
};

INSTANTIATE_TEST_SUITE_P(Sqlite, LocalStoreContract,
                         testing::Values([] { return std::make_unique<SqliteFixture>(); }));

absl::Status PutTask(LocalStore& store, const std::string& id) {
  return store.Write([&](Transaction& tx) {
    tx.Put(CreateTask(TaskId(id), "milk", kNow));
    return absl::OkStatus();
  });
}

bool Has(LocalStore& store, const std::string& id) {
  bool has = false;
  EXPECT_TRUE(store
                  .Read([&](Transaction& tx) {
                    has = !tx.Get(TaskId(id)).empty();
                    return absl::OkStatus();
                  })
                  .ok());
  return has;
}

TEST(SqliteStore, MakesFileAndFolderForThePersonAlone) {
  TestFolder folder;
  const std::string path = folder.File("deep/down/tasks.db");
  const auto store = OpenAt(path);
  ASSERT_TRUE(PutTask(*store, "t").ok());
  for (const std::string& file : {path, path + "-wal"}) {
    struct stat info = {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << file;
  }
}

TEST(SqliteStore, TakesFilesThatOthersCouldReadFromThem) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  const auto first = OpenAt(path);
  ASSERT_TRUE(PutTask(*first, "t").ok());
  for (const std::string& file : {path, path + "-wal", path + "-shm"})
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  const auto second = OpenAt(path);
  for (const std::string& file : {path, path + "-wal", path + "-shm"}) {
    struct stat info = {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << file;
  }
}

// No file grows while it lives, as on a full disk.
class FullDisk {
 public:
  FullDisk() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handled_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handled_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handled_)(int) = nullptr;
};

TEST(SqliteStore, OnAFullDiskWhatIsThereIsReadAndAWriteSaysWhyItCannotBe) {
  TestFolder folder;
  // A name that means something in a URI.
  const std::string path = folder.File("my tasks?#%41.db");
  ASSERT_TRUE(PutTask(*OpenAt(path), "t").ok());
  {
    const FullDisk full;
    const auto store = OpenAt(path);
    EXPECT_TRUE(Has(*store, "t"));
    const absl::Status refused = PutTask(*store, "u");
    EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  }
  const auto store = OpenAt(path);
  EXPECT_TRUE(PutTask(*store, "u").ok());
  EXPECT_TRUE(Has(*store, "t"));
}

TEST(SqliteStore, OnAFullDiskWhatAProgramThatDiedHasLoggedIsReadAsWell) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db"), copy = folder.File("copy.db");
  const auto store = OpenAt(path);
  ASSERT_TRUE(PutTask(*store, "t").ok());
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::copy_file(path + part, copy + part);
  const FullDisk full;
  EXPECT_TRUE(Has(*OpenAt(copy), "t"));
}

TEST(SqliteStore, OnAFullDiskANewStoreIsNotMade) {
  TestFolder folder;
  const FullDisk full;
  EXPECT_TRUE(absl::IsResourceExhausted(SqliteStore::Open(folder.File("tasks.db")).status()));
}

TEST(SqliteStore, AStoreThatIsInUseForLongIsNotOpenedAsOneThatCanOnlyBeRead) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  const auto holder = OpenAt(path);
  const absl::Status held = holder->Write([&](Transaction&) {
    EXPECT_TRUE(absl::IsUnavailable(SqliteStore::Open(path).status()));
    return absl::OkStatus();
  });
  EXPECT_TRUE(held.ok()) << held;
}

TEST(SqliteStore, TwoConnectionsSeeEachOthersWrites) {
  TestFolder folder;
  const auto one = OpenAt(folder.File("tasks.db"));
  const auto other = OpenAt(folder.File("tasks.db"));
  const int64_t before = *other->Revision();
  ASSERT_TRUE(PutTask(*one, "t").ok());
  EXPECT_NE(*other->Revision(), before);
  EXPECT_TRUE(Has(*other, "t"));
}

TEST(SqliteStore, ConcurrentTransactionsLoseNothing) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  constexpr int kEach = 50;
  const auto count = [&path] {
    const auto store = OpenAt(path);
    for (int i = 0; i < kEach; ++i) {
      const absl::Status stored = store->Write([](Transaction& tx) {
        Replica replica = tx.GetReplica();
        ++replica.last_number.value;
        tx.PutReplica(replica);
        return absl::OkStatus();
      });
      EXPECT_TRUE(stored.ok()) << stored;
    }
  };
  std::thread first(count);
  std::thread second(count);
  first.join();
  second.join();
  int64_t counted = 0;
  ASSERT_TRUE(OpenAt(path)
                  ->Read([&](Transaction& tx) {
                    counted = tx.GetReplica().last_number.value;
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(counted, 2 * kEach);
}

// What a process leaves that dies in the midst of a transaction, and right after one.
TEST(SqliteStore, ADeadProcessLeavesWhatItCommittedAndNothingElse) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = SqliteStore::Open(path);
    if (!store.ok() || !PutTask(**store, "committed").ok()) ::_exit(1);
    (void)(*store)->Write([](Transaction& tx) {
      tx.Put(CreateTask(TaskId("halfway"), "milk", kNow));
      ::_exit(0);
      return absl::OkStatus();
    });
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto store = OpenAt(path);
  EXPECT_TRUE(Has(*store, "committed"));
  EXPECT_FALSE(Has(*store, "halfway"));
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsLeftAlone) {
  TestFolder folder;
  const std::string path = folder.File("notes.txt");
  const std::string text(5'000, 'x');
  std::ofstream(path) << text;
  EXPECT_EQ(SqliteStore::Open(path).status().code(), absl::StatusCode::kDataLoss);
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST(SqliteStore, ADatabaseOfAnotherProgramIsLeftAlone) {
  TestFolder folder;
  const std::string path = folder.File("other.db");
  { Database(path).Execute("CREATE TABLE recipes (name TEXT)"); }
  EXPECT_EQ(SqliteStore::Open(path).status().code(), absl::StatusCode::kDataLoss);
  Database other(path);
  Statement& mode = other.Prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode.Step());
  EXPECT_EQ(mode.Text(0), "delete");
}

TEST(SqliteStore, AStoreOfANewerVersionIsLeftAlone) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  OpenAt(path);
  { Database(path).Execute("PRAGMA user_version = 1000"); }
  EXPECT_EQ(SqliteStore::Open(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SqliteStore, AFolderThatCannotBeWrittenIsAnError) {
  EXPECT_EQ(SqliteStore::Open("/proc/tasks.db").status().code(), absl::StatusCode::kPermissionDenied);
}

// How many rows SQLite looked at: an index serves what a person does and what a sync asks, however many tasks
// there are.
TEST(SqliteStore, NoStepOfAnEditOrOfAPushWalksAllTasks) {
  TestFolder folder;
  const std::string path = folder.File("tasks.db");
  OpenAt(path);
  Database database(path);
  for (const char* sql :
       {"SELECT * FROM tasks WHERE id = 'a'", "SELECT * FROM pending WHERE id = 'a'",
        "SELECT since FROM tasks WHERE since IS NOT NULL ORDER BY since LIMIT 1",
        "SELECT count(*) FROM tasks WHERE since IS NOT NULL",
        "SELECT * FROM tasks WHERE number IS NOT NULL ORDER BY number",
        "SELECT * FROM tasks WHERE since IS NOT NULL AND number IS NULL ORDER BY since, id LIMIT 5",
        "SELECT id FROM tasks WHERE doomed = 1 ORDER BY id",
        "SELECT id FROM tasks WHERE deleted_at > 0 AND deleted_at < 5 AND since IS NULL ORDER BY deleted_at "
        "LIMIT 5",
        "SELECT id FROM tasks WHERE id >= 'a' AND id < 'b' ORDER BY id LIMIT 5"}) {
    Statement& plan = database.Prepare(std::string("EXPLAIN QUERY PLAN ") + sql);
    while (plan.Step()) {
      const std::string step = plan.Text(3);
      const bool walks_all = step.starts_with("SCAN tasks") && step.find("INDEX") == std::string::npos;
      EXPECT_FALSE(walks_all) << sql << ": " << step;
      EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << sql << ": " << step;
    }
  }
}

}  // namespace
}  // namespace tidemark::client
