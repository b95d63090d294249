#include "services/sync/engine/validate.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::sync {
namespace {

absl::Status Invalid(std::string pointer, std::string detail) {
  return Error(Code::kValidation, detail, {.pointer = std::move(pointer)});
}

absl::Status ValidateTime(const char* member, int64_t millis) {
  if (IsTime(millis)) return absl::OkStatus();
  return Invalid(absl::StrCat("/", member), absl::StrCat(member, " must be 0 to 2^53-1, not ", millis));
}

absl::Status ValidateCount(std::size_t changes) {
  if (changes <= kChangesMax) return absl::OkStatus();
  return Error(Code::kTooManyChanges,
               absl::StrCat(changes, " changes; at most ", kChangesMax, " are taken at once"));
}

// Each writer's ledger is read and written.
absl::Status ValidateWriters(const std::vector<Change>& changes) {
  std::set<DeviceId> writers;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    writers.insert(changes[i].device);
    if (writers.size() > kWritersMax) {
      return Invalid(absl::StrCat("/changes/", i, "/device_id"),
                     absl::StrCat("changes of more than ", kWritersMax, " devices"));
    }
  }
  return absl::OkStatus();
}

// Numbers of one device must rise: otherwise the later change would look like a copy of the earlier.
absl::Status ValidateNumbers(const std::vector<Change>& changes) {
  std::map<DeviceId, MutationId> last;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].mutation) continue;
    const auto [entry, first] = last.try_emplace(changes[i].device, *changes[i].mutation);
    if (!first && *changes[i].mutation <= entry->second) {
      return Invalid(absl::StrCat("/changes/", i, "/mutation_id"), "mutation_id must rise within a request");
    }
    entry->second = *changes[i].mutation;
  }
  return absl::OkStatus();
}

absl::Status ValidatePage(const SyncRequest& request) {
  if (!request.page) return absl::OkStatus();
  if (!request.changes.empty()) return Invalid("/changes", "changes cannot be sent with a page");
  const std::optional<Series> series = ParsePage(*request.page);
  if (!series) return Invalid("/page", "page was not given by an answer");
  if (series->last_sync != request.last_sync) {
    return Invalid("/last_sync", "last_sync must be the one the page was given for");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateDevice(const DeviceId& device) {
  if (device.empty() || IsIdentifier(device.value(), kDeviceIdBytesMax)) return absl::OkStatus();
  return Invalid("/device_id", absl::StrCat("device_id must be 1 to ", kDeviceIdBytesMax,
                                            " characters of A-Z a-z 0-9 _ . : -"));
}

absl::Status Validate(const SyncRequest& request) {
  if (absl::Status status = ValidateTime("last_sync", request.last_sync.value); !status.ok()) return status;
  if (absl::Status status = ValidateDevice(request.device); !status.ok()) return status;
  if (request.acked) {
    if (absl::Status status = ValidateTime("acked", request.acked->value); !status.ok()) return status;
  }
  if (request.client_time) {
    if (absl::Status status = ValidateTime("client_time", request.client_time->value); !status.ok())
      return status;
  }
  if (request.limit < 1 || request.limit > kPageEntriesMax) {
    return Invalid("/limit", absl::StrCat("limit must be 1 to ", kPageEntriesMax, ", not ", request.limit));
  }
  if (absl::Status status = ValidateCount(request.changes.size()); !status.ok()) return status;
  if (absl::Status status = ValidateWriters(request.changes); !status.ok()) return status;
  if (absl::Status status = ValidatePage(request); !status.ok()) return status;
  return ValidateNumbers(request.changes);
}

absl::Status Validate(const SyncV1Request& request) {
  if (absl::Status status = ValidateTime("last_sync", request.last_sync.value); !status.ok()) return status;
  if (absl::Status status = ValidateCount(request.changes.size()); !status.ok()) return status;
  for (std::size_t i = 0; i < request.changes.size(); ++i) {
    if (std::optional<Flaw> flaw = FindFlaw(request.changes[i])) {
      return Invalid(absl::StrCat("/changes/", i, "/", std::string(flaw->member)), std::move(flaw->detail));
    }
  }
  return absl::OkStatus();
}

}  // namespace tidemark::sync
