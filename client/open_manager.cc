// Where the library is put together.
#include <filesystem>
#include <utility>

#include "client/credentials/file_credentials.h"
#include "client/credentials/memory_credentials.h"
#include "client/domain/schedule/settings.h"
#include "client/manager/manager.h"
#include "client/store/sqlite/sqlite_store.h"
#include "client/sync_manager.h"
#include "client/transport/grpc/grpc_transport.h"

namespace tidemark::client {
namespace {

absl::StatusOr<std::unique_ptr<LocalStore>> StoreOf(SyncOptions& options) {
  if (options.store) return std::move(options.store);
  if (options.store_path.empty()) return absl::InvalidArgumentError("no store_path is given");
  return SqliteStore::Open(options.store_path);
}

absl::StatusOr<std::unique_ptr<SyncTransport>> TransportOf(SyncOptions& options) {
  if (options.transport) return std::move(options.transport);
  return NewGrpcTransport(
      {.address = options.address, .auth_address = options.auth_address, .ca_file = options.ca_file});
}

std::unique_ptr<CredentialStore> CredentialsOf(SyncOptions& options) {
  if (options.credentials) return std::move(options.credentials);
  if (options.store_path.empty()) return std::make_unique<MemoryCredentials>();
  return std::make_unique<FileCredentials>(options.store_path + ".session");
}

const Clock& MachinesClock() {
  static const SystemClock clock;
  return clock;
}

Random& MachinesRandom() {
  static SystemRandom random;
  return random;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SyncManager>> SyncManager::Open(SyncOptions options) {
  auto transport = TransportOf(options);
  if (!transport.ok()) return transport.status();
  auto store = StoreOf(options);
  if (!store.ok()) return store.status();
  const bool is_shared = !options.store_path.empty();
  auto manager = std::make_unique<Manager>(
      ManagerParts{.store = *std::move(store),
                   .transport = *std::move(transport),
                   .credentials = CredentialsOf(options),
                   .clock = options.clock == nullptr ? &MachinesClock() : options.clock,
                   .random = options.random == nullptr ? &MachinesRandom() : options.random,
                   .settings = &DefaultScheduleSettings(),
                   .generation = options.generation,
                   .sync_lock_path = is_shared ? options.store_path + ".sync" : "",
                   .token_lock_path = is_shared ? options.store_path + ".session-lock" : ""});
  if (absl::Status prepared = manager->Prepare(); !prepared.ok()) return prepared;
  return std::unique_ptr<SyncManager>(std::move(manager));
}

}  // namespace tidemark::client
