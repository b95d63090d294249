#include "common/rpc/service_credential.h"

#include <sodium.h>

#include <utility>

#include "common/status/error.h"

namespace tidemark::rpc {

ServiceCredential::ServiceCredential(std::string token) : token_(std::move(token)) {}

absl::Status ServiceCredential::Check(const ServerCall& call) const {
  const std::string& given = call.service_token;
  if (given.size() == token_.size() && sodium_memcmp(given.data(), token_.data(), token_.size()) == 0) {
    return absl::OkStatus();
  }
  return Error(Code::kForbidden, "service-token is not the service credential");
}

}  // namespace tidemark::rpc
