#include "gateway/routes/health.h"

#include "common/status/error.h"
#include "gateway/http/json_response.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {
namespace {

constexpr absl::Duration kRetryNotReady = absl::Seconds(5);

http::Response StatusResponse(std::string_view status) {
  JsonWriter json;
  json.BeginObject().Key("status").Text(status).EndObject();
  http::Response response = JsonResponse(200, std::move(json).Take());
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

Task<absl::StatusOr<http::Response>> Live(Exchange&) { co_return StatusResponse("live"); }

Task<absl::StatusOr<http::Response>> Ready(const Readiness& readiness) {
  std::string missing;
  for (const std::string& name : readiness.Missing()) missing += (missing.empty() ? "" : ", ") + name;
  if (missing.empty()) co_return StatusResponse("ready");
  co_return Error(Code::kUnavailable, "Not ready: " + missing + ".", {.retry_after = kRetryNotReady});
}

}  // namespace

void Readiness::Require(std::string name, std::function<bool()> holds) {
  conditions_.emplace_back(std::move(name), std::move(holds));
}

void Readiness::Stop() { stopping_ = true; }

std::vector<std::string> Readiness::Missing() const {
  if (stopping_) return {"stopping"};
  std::vector<std::string> missing;
  for (const auto& [name, holds] : conditions_) {
    if (!holds()) missing.push_back(name);
  }
  return missing;
}

void AddHealthRoutes(Router& router, const Readiness& readiness) {
  router.Add("GET", "/livez", Live);
  router.Add("GET", "/readyz", [&readiness](Exchange&) { return Ready(readiness); });
}

}  // namespace tidemark::gateway
