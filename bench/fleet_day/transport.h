// The client's transport without a network: each call is made of the replica's engines, through the messages
// that would travel, and counted.
//
// Bytes are those of the JSON API's bodies (SPEC 2), written by the gateway's own encoders. A check has no
// body: the value of its If-None-Match counts for the request, that of the ETag for the answer. All else of
// HTTP's heads is left out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/fleet_day/services.h"
#include "client/transport/sync_transport.h"
#include "services/sync/engine/requests.h"

namespace tidemark::fleet {

// Of requests that a replica was sent. What was refused is counted as such alone.
struct TransportCounts {
  // Answered by the sync service.
  int64_t checks = 0;
  int64_t not_modified = 0;
  // With changes, and without.
  int64_t pushes = 0;
  int64_t pulls = 0;
  // Checks for which the sync service sent no statement but, once a second, the data set's.
  int64_t answered_without_database = 0;
  // Refused requests and answers too.
  int64_t bytes_sent = 0;
  int64_t bytes_received = 0;
  // Asked of the auth service.
  int64_t refreshes = 0;
  int64_t logins = 0;
  int64_t auth_bytes_sent = 0;
  int64_t auth_bytes_received = 0;
  // Refusals, by either.
  int64_t rate_limited = 0;
  int64_t read_paused = 0;
  int64_t quota_exhausted = 0;
  int64_t errors = 0;

  void Add(const TransportCounts& more) {
    Each(more, [](int64_t& own, int64_t other) { own += other; });
  }
  void Subtract(const TransportCounts& less) {
    Each(less, [](int64_t& own, int64_t other) { own -= other; });
  }

 private:
  template <typename F>
  void Each(const TransportCounts& other, F change) {
    for (int64_t TransportCounts::*count :
         {&TransportCounts::checks, &TransportCounts::not_modified, &TransportCounts::pushes,
          &TransportCounts::pulls, &TransportCounts::answered_without_database, &TransportCounts::bytes_sent,
          &TransportCounts::bytes_received, &TransportCounts::refreshes, &TransportCounts::logins,
          &TransportCounts::auth_bytes_sent, &TransportCounts::auth_bytes_received,
          &TransportCounts::rate_limited, &TransportCounts::read_paused, &TransportCounts::quota_exhausted,
          &TransportCounts::errors}) {
      change(this->*count, other.*count);
    }
  }
};

// Not thread-safe.
class Transport : public client::SyncTransport {
 public:
  // `replica` outlives this.
  explicit Transport(Replica& replica) : replica_(replica) {}

  // Whose device calls: its address.
  void SpeakFor(std::string address) { address_ = std::move(address); }

  const TransportCounts& counts() const { return counts_; }
  // When requests were let in by the sync service, since the last call. Rising.
  std::vector<UnixMillis> TakeLetIn() { return std::exchange(let_in_, {}); }

  client::Reply<client::CheckAnswer> Check(const client::Call& call, const client::CheckAsk& ask) override;
  client::Reply<client::Page> Sync(const client::Call& call, const client::SyncAsk& ask) override;
  client::Reply<client::V1Page> SyncV1(const client::Call& call, const client::V1Ask& ask) override;
  absl::StatusOr<client::Tokens> Login(const client::Call& call, const client::Credentials& who,
                                       const DeviceId& device) override;
  absl::StatusOr<client::Tokens> Refresh(const client::Call& call, const std::string& refresh_token) override;

  // Nobody of the fleet does these.
  absl::Status Watch(const client::Call&, absl::FunctionRef<void(const std::string&)>) override;
  absl::StatusOr<std::vector<client::HistoryEntry>> History(const client::Call&, const TaskId&) override;
  absl::StatusOr<std::vector<client::DeviceStatus>> Devices(const client::Call&) override;
  absl::StatusOr<client::Usage> GetUsage(const client::Call&) override;
  absl::StatusOr<client::Tokens> Register(const client::Call&, const client::Credentials&,
                                          const DeviceId&) override;
  absl::Status Logout(const client::Call&, const std::string&) override;
  absl::Status ChangePassword(const client::Call&, const std::string&, const std::string&) override;
  absl::StatusOr<std::vector<client::SessionInfo>> Sessions(const client::Call&) override;
  absl::Status RevokeSession(const client::Call&, const SessionId&) override;
  absl::Status DeleteAccount(const client::Call&, const std::string&) override;

 private:
  // Runs `body` for the user that the call's token names; what the limiter said of it goes to `limit`.
  absl::Status AsUser(const client::Call& call, std::optional<client::LimitTold>& limit,
                      std::function<Task<absl::Status>(sync::Call&)> body);
  absl::StatusOr<client::Tokens> Taken(const absl::StatusOr<auth::Tokens>& tokens);
  void NoteSync(const absl::Status& status);
  void NoteRefusal(const absl::Status& status);

  Replica& replica_;
  std::string address_;
  TransportCounts counts_;
  std::vector<UnixMillis> let_in_;
};

}  // namespace tidemark::fleet
