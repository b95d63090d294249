#include "gateway/routes/status.h"

#include <string>

#include "common/status/error.h"
#include "gateway/http/json_response.h"
#include "gateway/json/status_codec.h"
#include "gateway/json/writer.h"
#include "gateway/routes/static_file.h"
#include "gateway/status_page/status_page.h"

namespace tidemark::gateway {
namespace {

void Write(const std::optional<int64_t>& number, JsonWriter& json) {
  number ? json.Integer(*number) : json.Null();
}

void Write(const Traffic::Minute& minute, JsonWriter& json) {
  const Traffic::Outcomes& outcomes = minute.outcomes;
  json.BeginObject().Key("at").Integer(minute.begins.value);
  json.Key("ok").Integer(outcomes.ok).Key("not_modified").Integer(outcomes.not_modified);
  json.Key("limited").Integer(outcomes.limited).Key("refused").Integer(outcomes.refused);
  json.Key("failed").Integer(outcomes.failed);
  Write(minute.p50_micros, json.Key("p50_us"));
  Write(minute.p95_micros, json.Key("p95_us"));
  Write(minute.p99_micros, json.Key("p99_us"));
  json.EndObject();
}

Task<absl::StatusOr<http::Response>> GetStatus(const StatusSources& sources) {
  http::Response response =
      JsonResponse(200, EncodeStatus(sources.vitals.Now(), sources.traffic, sources.clock.Now()));
  response.headers.Set("Cache-Control", "no-store");
  co_return response;
}

Task<absl::StatusOr<http::Response>> GetFile(const StaticFiles& page, Exchange& exchange) {
  const auto found = page.all().find("/status/" + exchange.path_values.at("file"));
  if (found == page.all().end()) co_return Error(Code::kNotFound, "Nothing is served at this path.");
  const RouteHandler serve = ServesFile(found->second);
  co_return co_await serve(exchange);
}

std::string_view ContentTypeOf(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  return name.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
}

}  // namespace

std::string EncodeStatus(const v1::GetStatusResponse& status, const Traffic& traffic, UnixMillis now) {
  JsonWriter json;
  json.BeginObject().Key("at").Integer(now.value);
  WriteStatusMembers(json, status);
  const Traffic::Checks checks = traffic.ChecksOfLastHour();
  json.Key("checks").BeginObject().Key("answered").Integer(checks.answered);
  json.Key("not_modified").Integer(checks.not_modified).EndObject();
  json.Key("minutes").BeginArray();
  for (const Traffic::Minute& minute : traffic.LastHour()) Write(minute, json);
  json.EndArray().EndObject();
  return std::move(json).Take();
}

StaticFiles StatusFiles() {
  StaticFiles files;
  for (const auto& [name, text] : StatusPage()) {
    const std::string path = name == "index.html" ? "/status" : "/status/" + std::string(name);
    files.Add(path, ContentTypeOf(name), text);
  }
  return files;
}

void AddStatusRoutes(Router& router, const StatusSources& sources) {
  const StaticFiles& page = sources.page;
  const Operators& operators = sources.operators;
  router.Add("GET", "/status", operators.Only(ServesFile(page.all().at("/status"))));
  router.Add("GET", "/status/{file}",
             operators.Only([&page](Exchange& exchange) { return GetFile(page, exchange); }));
  router.Add("GET", "/status.json", operators.Only([sources](Exchange&) { return GetStatus(sources); }));
}

}  // namespace tidemark::gateway
