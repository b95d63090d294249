// What other services prove themselves with: a certificate of the services' own authority (tls.h), or the
// value of `service-token` in a call's metadata. Either is enough, so that one can take the other's place
// while both serve.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/rpc/context.h"

namespace tidemark::rpc {

// Whether a secret that was given is the one we know. Takes as long for one that is nearly right as for one
// that is all wrong.
bool IsSameSecret(const std::string& given, const std::string& known);

// Thread-safe.
class ServiceCredential {
 public:
  // An empty `token` is nobody's: only certificates count.
  explicit ServiceCredential(std::string token);
  // PERMISSION_DENIED forbidden: the caller has shown no certificate, and another token or none.
  absl::Status Check(const ServerCall& call) const;

 private:
  const std::string token_;
};

}  // namespace tidemark::rpc
