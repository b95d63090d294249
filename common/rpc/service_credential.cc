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
  if (IsSameSecret(call.service_token, token_)) return absl::OkStatus();
  return Error(Code::kForbidden, "service-token is not the service credential");
}

}  // namespace tidemark::rpc
