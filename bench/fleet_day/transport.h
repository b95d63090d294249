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

#include "bench/fleet_day/counts.h"
#include "bench/fleet_day/services.h"
#include "client/transport/sync_transport.h"
#include "services/sync/engine/requests.h"

namespace tidemark::fleet {

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
