// Keeps RevokedSessions true by AuthService.WatchRevocations, for a process that verifies tokens.
//
//   auth::RevokedSessions revoked;
//   auth::RevocationWatch watch(loops.Next(), channel, credential.shown(), revoked);
//
// Each is acknowledged when it is in the set. While the auth service is away what is known stays, and the
// stream is opened again and again; it begins with all that was missed.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "common/async/event_loops.h"
#include "services/auth/client/revoked_sessions.h"

namespace tidemark::auth {

// Thread-safe.
class RevocationWatch {
 public:
  // `loop` and `revoked` outlive the watch.
  RevocationWatch(EventLoop& loop, std::shared_ptr<grpc::Channel> auth_service, std::string service_token,
                  RevokedSessions& revoked);
  // Waits for the stream to end. While the loop still runs, from no loop's thread.
  ~RevocationWatch();
  RevocationWatch(const RevocationWatch&) = delete;
  RevocationWatch& operator=(const RevocationWatch&) = delete;

  // It has once been told of all there were.
  bool knows_all() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::auth
