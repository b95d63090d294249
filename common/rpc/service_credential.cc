#include "common/rpc/service_credential.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

std::vector<std::string> TokensIn(const std::string& list) {
  std::vector<std::string> tokens = absl::StrSplit(list, ',', absl::SkipEmpty());
  if (tokens.empty()) tokens.emplace_back();
  return tokens;
}

}  // namespace

bool IsSameSecret(const std::string& given, const std::string& known) {
  return given.size() == known.size() && sodium_memcmp(given.data(), known.data(), known.size()) == 0;
}

ServiceCredential::ServiceCredential(const std::string& tokens) : tokens_(TokensIn(tokens)) {}

absl::Status ServiceCredential::CheckTokens(const std::string& tokens) {
  const std::vector<std::string> parts = absl::StrSplit(tokens, ',');
  const auto is_token = [](const std::string& part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return absl::ascii_isgraph(c); });
  };
  if (tokens.empty() || std::ranges::all_of(parts, is_token)) return absl::OkStatus();
  return absl::InvalidArgumentError("tokens without spaces are needed, parted by commas, none of them empty");
}

absl::Status ServiceCredential::Check(const ServerCall& call) const {
  if (call.is_certified) return absl::OkStatus();
  const auto is_shown = [&call](const std::string& token) { return IsSameSecret(call.service_token, token); };
  if (!call.service_token.empty() && std::ranges::any_of(tokens_, is_shown)) return absl::OkStatus();
  return Error(Code::kForbidden, "neither a service's certificate nor the service-token was shown");
}

void AddServiceToken(settings::Table& table, std::string& tokens) {
  table
      .Add("service-token", &tokens,
           "what services prove themselves with; of several parted by commas the first, and any is believed; "
           "may be empty where all have certificates")
      .Secret()
      .Check(ServiceCredential::CheckTokens);
}

}  // namespace tidemark::rpc
