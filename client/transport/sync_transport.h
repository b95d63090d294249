// The port behind which the service is asked. The adapter is gRPC's; tests have fakes.
//
// Calls block their thread until they are answered, their time is over, or Cancel() is called: then they
// return at once. Errors are made by Error() (common/status): a code of the SPEC, with retry_after where the
// server gave one. What never reached the server, or whose answer never came, is kUnavailable by
// absl::StatusCode and has no code of the server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/domain/protocol.h"

namespace tidemark::client {

// What the answer's RateLimit said of the caller's bucket.
struct RateLimit {
  std::string policy = {};
  int64_t remaining = 0;
  int64_t capacity = 0;
  // Until the bucket is full.
  absl::Duration reset_after = {};
};

// One call's circumstances.
struct Call {
  // Empty: none is sent.
  std::string access_token = {};
  absl::Duration timeout = absl::Seconds(30);
};

template <typename T>
struct Reply {
  absl::StatusOr<T> answer;
  std::optional<RateLimit> rate_limit = std::nullopt;
};

struct Credentials {
  std::string email = {};
  std::string password = {};
};

struct Tokens {
  std::string user_id = {};
  std::string access_token = {};
  absl::Duration expires_in = {};
  std::string refresh_token = {};
};

struct Usage {
  std::vector<RateLimit> buckets = {};
  // "open", "read_paused" or "exhausted".
  std::string quota_state = {};
  absl::Duration quota_reset_after = {};
};

// Thread-safe.
class SyncTransport {
 public:
  virtual ~SyncTransport() = default;

  // Safe to ask again, all of them (proto/tidemark/v1/sync.proto says why).
  virtual Reply<CheckAnswer> Check(const Call& call, const CheckAsk& ask) = 0;
  virtual Reply<Page> Sync(const Call& call, const SyncAsk& ask) = 0;
  virtual Reply<V1Page> SyncV1(const Call& call, const V1Ask& ask) = 0;

  // Tells the current ETag and each later one, until the stream ends; says why it ended. `call.timeout` is
  // for the stream to begin. `on_head` runs on the calling thread.
  virtual absl::Status Watch(const Call& call, absl::FunctionRef<void(const std::string& etag)> on_head) = 0;

  virtual absl::StatusOr<std::vector<HistoryEntry>> History(const Call& call, const TaskId& id) = 0;
  virtual absl::StatusOr<std::vector<DeviceStatus>> Devices(const Call& call) = 0;
  virtual absl::StatusOr<Usage> GetUsage(const Call& call) = 0;

  virtual absl::StatusOr<Tokens> Register(const Call& call, const Credentials& who,
                                          const DeviceId& device) = 0;
  virtual absl::StatusOr<Tokens> Login(const Call& call, const Credentials& who, const DeviceId& device) = 0;
  // Safe to ask again within the grace of SPEC 9.
  virtual absl::StatusOr<Tokens> Refresh(const Call& call, const std::string& refresh_token) = 0;
  virtual absl::Status Logout(const Call& call, const std::string& refresh_token) = 0;

  // Ends all calls under way and every later one with kCancelled. For good.
  virtual void Cancel() = 0;
};

}  // namespace tidemark::client
