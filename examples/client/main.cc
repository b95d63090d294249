// Two devices of one person: what is added on the laptop is found on the phone.
//
//   two-devices SYNC_ADDRESS AUTH_ADDRESS FOLDER EMAIL PASSWORD
#include <tidemark/client/sync_manager.h>

#include <cstdio>
#include <cstdlib>

using tidemark::client::SyncManager;
using tidemark::client::SyncOptions;
using tidemark::client::Task;

namespace {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "two-devices: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

std::unique_ptr<SyncManager> Open(char** arguments, const std::string& device) {
  SyncOptions options;
  options.address = arguments[1];
  options.auth_address = arguments[2];
  options.store_path = std::string(arguments[3]) + "/" + device + "/tasks.db";
  absl::StatusOr<std::unique_ptr<SyncManager>> manager = SyncManager::Open(std::move(options));
  Check(manager.status());
  return *std::move(manager);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: two-devices SYNC_ADDRESS AUTH_ADDRESS FOLDER EMAIL PASSWORD\n");
    return 2;
  }
  const auto laptop = Open(argv, "laptop");
  const auto phone = Open(argv, "phone");

  // Stored on the laptop before anybody is logged in: nothing waits for the network.
  Check(laptop->Add("Buy milk").status());
  Check(laptop->Register({.email = argv[4], .password = argv[5]}));
  Check(laptop->SyncNow(absl::Seconds(10)).status());

  Check(phone->Login({.email = argv[4], .password = argv[5]}));
  Check(phone->SyncNow(absl::Seconds(10)).status());
  const absl::StatusOr<std::vector<Task>> tasks = phone->List();
  Check(tasks.status());
  for (const Task& task : *tasks) std::printf("%s\n", task.content.c_str());
  return 0;
}
