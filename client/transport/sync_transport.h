// The port behind which the service is asked. The adapter is gRPC's; tests have fakes.
//
// Calls block their thread until they are answered, their time is over, or they are cancelled: then they
// return at once, with kCancelled. What the server answers is an error made by Error() (common/status): a
// code of the SPEC, with retry_after where it gave one. What never reached it, or whose answer never came, is
// kUnavailable by absl::StatusCode and tells no code (tells_code.h); kUnimplemented, also without one, if
// what answers at the address is something else. Their messages say why, for a person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/domain/protocol.h"
#include "client/domain/schedule/event.h"
#include "client/transport/cancellation.h"

namespace tidemark::client {

// One call's circumstances.
struct Call {
  // Empty: none is sent.
  std::string access_token = {};
  absl::Duration timeout = absl::Seconds(30);
  // Null: nobody cancels it. Otherwise it outlives the call.
  Cancellation* cancellation = nullptr;
};

template <typename T>
struct Reply {
  absl::StatusOr<T> answer;
  // What it said of the bucket that it took from.
  std::optional<LimitTold> limit = std::nullopt;
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
  std::vector<LimitTold> buckets = {};
  // "open", "read_paused" or "exhausted".
  std::string quota_state = {};
  absl::Duration quota_reset_after = {};
};

// One of the person's sessions: a device that is logged in.
struct SessionInfo {
  SessionId id = {};
  // Empty: none was named.
  DeviceId device = {};
  UnixMillis created_at = {};
  UnixMillis last_used_at = {};
  // The session of the call's own token.
  bool current = false;
};

// Thread-safe.
class SyncTransport {
 public:
  virtual ~SyncTransport() = default;

  // Safe to ask again, all of them (proto/tidemark/v1/sync.proto says why).
  virtual Reply<CheckAnswer> Check(const Call& call, const CheckAsk& ask) = 0;
  virtual Reply<Page> Sync(const Call& call, const SyncAsk& ask) = 0;
  virtual Reply<V1Page> SyncV1(const Call& call, const V1Ask& ask) = 0;

  // Tells the current ETag and each later one, until the stream ends; says why it ended. There is no timeout:
  // a stream whose other end is dead ends by itself. `on_head` runs on the calling thread.
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
  // Not safe to ask again: the second call answers bad_credentials.
  virtual absl::Status ChangePassword(const Call& call, const std::string& current_password,
                                      const std::string& new_password) = 0;
  virtual absl::StatusOr<std::vector<SessionInfo>> Sessions(const Call& call) = 0;
  virtual absl::Status RevokeSession(const Call& call, const SessionId& session) = 0;
  virtual absl::Status DeleteAccount(const Call& call, const std::string& password) = 0;
};

}  // namespace tidemark::client
