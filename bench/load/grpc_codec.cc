#include "bench/load/grpc_codec.h"

#include <string>

#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::bench {

v1::CheckRequest EncodeCheck(const Ask& ask) {
  v1::CheckRequest request;
  request.set_if_none_match(ask.if_none_match);
  return request;
}

v1::SyncRequest EncodeSync(const Ask& ask) {
  v1::SyncRequest request;
  request.set_last_sync(ask.cursor);
  request.set_epoch(std::string(ask.epoch));
  request.set_device_id(ask.device);
  request.set_limit(ask.limit);
  if (ask.acked > 0) request.set_acked(ask.acked);
  if (!ask.page.empty()) request.set_page(ask.page);
  for (const Edit& edit : ask.edits) {
    v1::Change& change = *request.add_changes();
    change.set_id(TaskName(edit.task));
    change.set_mutation_id(edit.mutation);
    change.set_version(edit.version);
    change.set_updated_at(ask.updated_at);
    change.set_content(TaskContent(edit.task, edit.version));
  }
  return request;
}

v1::LoginRequest EncodeLogin(const Ask& ask) {
  v1::LoginRequest request;
  request.set_email(EmailOf(ask.user));
  request.set_password(kPassword);
  return request;
}

void Decode(const v1::CheckResponse& response, Reply& reply) {
  reply.not_modified = response.not_modified();
  reply.etag = response.etag();
  reply.told = response.not_modified() ? "not modified" : "modified";
}

void Decode(const v1::SyncResponse& response, Reply& reply) {
  reply.complete = response.rejected().empty() && !response.full_resync() && !response.pull_deferred();
  reply.tasks = response.updates_size();
  reply.has_more = response.has_more();
  reply.page = response.page();
  reply.etag = response.etag();
  if (!reply.complete) reply.told = "something was rejected, deferred or begun anew";
}

void Decode(const v1::LoginResponse&, Reply&) {}

Reply Answered(const grpc::Status& status) {
  Reply reply;
  reply.ok = status.ok();
  if (!status.ok()) {
    const absl::Status error = rpc::FromGrpc(status);
    reply.told =
        absl::StatusCodeToString(error.code()) + " " + std::string(InfoOf(ErrorInfoOf(error).code).name);
  }
  return reply;
}

}  // namespace tidemark::bench
