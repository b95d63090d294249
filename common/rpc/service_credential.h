// What other services prove themselves with: a certificate of the services' own authority (tls.h), or the
// value of `service-token` in a call's metadata. Either is enough, so that one can take the other's place
// while both serve.
//
//   rpc::ServiceCredential credential("new,old");   // the old one is being replaced
//   call.service_token = credential.shown();        // "new"
//   credential.Check(call);                         // who shows "new" or "old" is believed
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/context.h"
#include "common/settings/settings.h"

namespace tidemark::rpc {

// Whether a secret that was given is the one we know. Takes as long for one that is nearly right as for one
// that is all wrong.
bool IsSameSecret(const std::string& given, const std::string& known);

// Thread-safe.
class ServiceCredential {
 public:
  // One token, or several parted by commas, as CheckTokens wants them. What is empty is no token: then only
  // certificates count.
  explicit ServiceCredential(const std::string& tokens);

  // Judges a setting. None at all is sound.
  static absl::Status CheckTokens(const std::string& tokens);

  // The first: what this process proves itself with. May be empty.
  const std::string& shown() const { return tokens_.front(); }
  // PERMISSION_DENIED forbidden: the caller has shown no certificate, and another token or none.
  absl::Status Check(const ServerCall& call) const;

 private:
  // One at least; an only empty one is nobody's.
  const std::vector<std::string> tokens_;
};

// The setting that a ServiceCredential is made of.
void AddServiceToken(settings::Table& table, std::string& tokens);

}  // namespace tidemark::rpc
