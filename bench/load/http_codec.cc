#include "bench/load/http_codec.h"

#include "absl/strings/str_cat.h"

namespace tidemark::bench {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Authorization(const Ask& ask) {
  return absl::StrCat("Authorization: Bearer ", View(ask.token), "\r\n");
}

std::string Post(std::string_view path, const std::string& host, const std::string& headers,
                 const std::string& body) {
  return absl::StrCat("POST ", View(path), " HTTP/1.1\r\nHost: ", host, "\r\n", headers,
                      "Content-Type: application/json\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

std::string ChangesJson(const Ask& ask) {
  std::string changes;
  for (const Edit& edit : ask.edits) {
    absl::StrAppend(&changes, changes.empty() ? "" : ",", "{\"id\":\"", TaskName(edit.task),
                    "\",\"mutation_id\":", edit.mutation, ",\"version\":", edit.version,
                    ",\"updated_at\":", ask.updated_at, ",\"content\":\"",
                    TaskContent(edit.task, edit.version), "\"}");
  }
  return changes;
}

std::string SyncJson(const Ask& ask) {
  std::string body = absl::StrCat("{\"last_sync\":", ask.cursor, ",\"epoch\":\"", View(ask.epoch),
                                  "\",\"device_id\":\"", ask.device, "\",\"limit\":", ask.limit);
  if (ask.acked > 0) absl::StrAppend(&body, ",\"acked\":", ask.acked);
  if (!ask.page.empty()) absl::StrAppend(&body, ",\"page\":\"", ask.page, "\"");
  if (!ask.edits.empty()) absl::StrAppend(&body, ",\"changes\":[", ChangesJson(ask), "]");
  return body + "}";
}

std::string LoginJson(const Ask& ask) {
  return absl::StrCat("{\"email\":\"", EmailOf(ask.user), "\",\"password\":\"", kPassword, "\"}");
}

bool Has(std::string_view body, std::string_view text) { return body.find(text) != std::string_view::npos; }

// The value of the member `name`, a string without escapes; empty if there is none.
std::string TextMember(std::string_view body, std::string_view name) {
  const std::string begin = absl::StrCat("\"", View(name), "\":\"");
  const std::size_t found = body.rfind(begin);
  if (found == std::string_view::npos) return "";
  const std::size_t value = found + begin.size();
  return std::string(body.substr(value, body.find('"', value) - value));
}

int64_t TasksIn(std::string_view body) {
  constexpr std::string_view kTask = "{\"id\":";
  int64_t tasks = 0;
  for (std::size_t at = body.find(kTask); at != std::string_view::npos;
       at = body.find(kTask, at + kTask.size()))
    ++tasks;
  return tasks;
}

void DecodeSync(std::string_view body, Reply& reply) {
  reply.complete = Has(body, "\"rejected\":[]") && Has(body, "\"full_resync\":false") &&
                   !Has(body, "\"pull_deferred\":true");
  reply.tasks = TasksIn(body);
  reply.has_more = Has(body, "\"has_more\":true");
  if (reply.has_more) reply.page = TextMember(body, "page");
  if (!reply.complete) absl::StrAppend(&reply.told, ", something was rejected, deferred or begun anew");
}

}  // namespace

std::string EncodeHttp(const Ask& ask, const std::string& host) {
  switch (ask.rpc) {
    case Rpc::kCheck:
      return absl::StrCat("GET /sync/check HTTP/1.1\r\nHost: ", host, "\r\n", Authorization(ask),
                          "If-None-Match: ", ask.if_none_match, "\r\n\r\n");
    case Rpc::kSync:
      return Post("/sync", host, Authorization(ask), SyncJson(ask));
    case Rpc::kLogin:
      return Post("/auth/login", host, "", LoginJson(ask));
  }
  return "";
}

Reply DecodeHttp(const Ask& ask, const AnswerReader& answer) {
  Reply reply;
  reply.not_modified = ask.rpc == Rpc::kCheck && answer.status() == 304;
  reply.ok = answer.status() == 200 || reply.not_modified;
  reply.told =
      absl::StrCat(answer.status(), reply.ok ? "" : " ", reply.ok ? "" : TextMember(answer.body(), "code"));
  reply.etag = answer.etag();
  reply.bytes_received = static_cast<int64_t>(answer.bytes());
  reply.body_bytes = static_cast<int64_t>(answer.body().size());
  if (reply.ok && ask.rpc == Rpc::kSync) DecodeSync(answer.body(), reply);
  return reply;
}

}  // namespace tidemark::bench
