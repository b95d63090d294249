#include "common/rpc/service_credential.h"

#include <sodium.h>

#include <utility>

#include "common/status/error.h"

namespace tidemark::rpc {

bool IsSameSecret(const std::string& given, const std::string& known) {
  return given.size() == known.size() && sodium_memcmp(given.data(), known.data(), known.size()) == 0;
}

ServiceCredential::ServiceCredential(std::string token) : token_(std::move(token)) {}

absl::Status ServiceCredential::Check(const ServerCall& call) const {
  if (call.is_certified) return absl::OkStatus();
  if (!token_.empty() && IsSameSecret(call.service_token, token_)) return absl::OkStatus();
  return Error(Code::kForbidden, "neither a service's certificate nor the service-token was shown");
}

}  // namespace tidemark::rpc
