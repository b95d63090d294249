#include "bench/fleet_day/transport.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/transport/grpc/convert.h"
#include "client/transport/grpc/rate_limit.h"
#include "common/status/error.h"
#include "gateway/json/auth_codec.h"
#include "gateway/json/auth_shapes.h"
#include "gateway/json/sync_shapes.h"
#include "gateway/json/sync_v1_codec.h"
#include "services/sync/domain/etag.h"
#include "services/sync/transport/convert.h"

namespace tidemark::fleet {
namespace {

template <typename Message>
int64_t BytesOf(const Message& message) {
  return static_cast<int64_t>(gateway::EncodeObject(gateway::kShape<Message>, message).size());
}

int64_t SizeOf(const std::string& text) { return static_cast<int64_t>(text.size()); }

std::optional<client::LimitTold> LimitOf(const sync::Call& call) {
  if (!call.limit) return std::nullopt;
  const auto& [ask, decision] = *call.limit;
  return client::ParseRateLimit(ratelimit::RateLimitHeader(ask, decision),
                                ratelimit::RateLimitPolicyHeader(ask, decision));
}

absl::Status NotHere() { return Error(Code::kNotImplemented, "nobody of the fleet asks this"); }

}  // namespace

// ---- the sync service

client::Reply<client::CheckAnswer> Transport::Check(const client::Call& call, const client::CheckAsk& ask) {
  const v1::CheckRequest request = client::ToProto(ask);
  v1::CheckResponse response;
  client::Reply<client::CheckAnswer> reply{.answer = absl::UnknownError("not asked")};
  const int64_t before = replica_.sync_statements();
  // As Service::AnswerCheck.
  const absl::Status status = AsUser(call, reply.limit, [&](sync::Call& incoming) -> Task<absl::Status> {
    std::optional<std::string> if_none_match;
    if (request.has_if_none_match()) if_none_match = request.if_none_match();
    const absl::StatusOr<sync::CheckAnswer> answer = co_await replica_.sync().Check(
        incoming, std::move(if_none_match), sync::Wildcard::kMatches, DeviceId(request.device_id()));
    if (!answer.ok()) co_return answer.status();
    response.set_not_modified(answer->not_modified);
    response.set_etag(sync::FormatEtag(answer->head));
    co_return absl::OkStatus();
  });
  NoteSync(status);
  counts_.bytes_sent += SizeOf(request.if_none_match());
  counts_.bytes_received += SizeOf(response.etag());
  if (!status.ok()) {
    reply.answer = status;
    return reply;
  }
  ++counts_.checks;
  if (response.not_modified()) ++counts_.not_modified;
  if (replica_.sync_statements() == before) ++counts_.answered_without_database;
  reply.answer = client::FromProto(response);
  return reply;
}

client::Reply<client::Page> Transport::Sync(const client::Call& call, const client::SyncAsk& ask) {
  const v1::SyncRequest request = client::ToProto(ask);
  v1::SyncResponse response;
  client::Reply<client::Page> reply{.answer = absl::UnknownError("not asked")};
  // As Service::AnswerSync.
  const absl::Status status = AsUser(call, reply.limit, [&](sync::Call& incoming) -> Task<absl::Status> {
    absl::StatusOr<sync::SyncAnswer> answer =
        co_await replica_.sync().Sync(incoming, sync::FromProto(request));
    if (!answer.ok()) co_return answer.status();
    response = sync::ToProto(*std::move(answer));
    co_return absl::OkStatus();
  });
  NoteSync(status);
  counts_.bytes_sent += BytesOf(request);
  if (!status.ok()) {
    reply.answer = status;
    return reply;
  }
  ++(ask.changes.empty() ? counts_.pulls : counts_.pushes);
  counts_.bytes_received += SizeOf(gateway::EncodeSyncResponse(response));
  reply.answer = client::FromProto(response);
  return reply;
}

client::Reply<client::V1Page> Transport::SyncV1(const client::Call& call, const client::V1Ask& ask) {
  const v1::SyncV1Request request = client::ToProto(ask);
  client::V1Page page;
  gateway::SyncV1Encoder encoder;
  int64_t bytes = 0;
  client::Reply<client::V1Page> reply{.answer = absl::UnknownError("not asked")};
  const sync::SyncV1Sink sink = [&](sync::SyncV1Part part) -> Task<absl::Status> {
    const v1::SyncV1Response message = sync::ToProto(part);
    bytes += SizeOf(encoder.Add(message));
    client::AddPart(message, page);
    co_return absl::OkStatus();
  };
  const absl::Status status = AsUser(call, reply.limit, [&](sync::Call& incoming) {
    return replica_.sync().SyncV1(incoming, sync::FromProto(request), sink);
  });
  NoteSync(status);
  counts_.bytes_sent += BytesOf(request);
  if (!status.ok()) {
    reply.answer = status;
    return reply;
  }
  ++(ask.changes.empty() ? counts_.pulls : counts_.pushes);
  counts_.bytes_received += bytes + SizeOf(*encoder.Finish());
  reply.answer = std::move(page);
  return reply;
}

absl::Status Transport::AsUser(const client::Call& call, std::optional<client::LimitTold>& limit,
                               std::function<Task<absl::Status>(sync::Call&)> body) {
  return RunBlocking<absl::Status>(replica_.loop(), [&]() -> Task<absl::Status> {
    absl::StatusOr<auth::Identity> caller =
        co_await replica_.verifier().Verify("Bearer " + call.access_token, Origin());
    if (!caller.ok()) co_return caller.status();
    sync::Call incoming{.user = std::move(caller->user),
                        .session = std::move(caller->session),
                        .origin = {},
                        .token_expires_at = caller->expires_at,
                        .limit = std::nullopt};
    absl::Status status = co_await body(incoming);
    limit = LimitOf(incoming);
    co_return status;
  });
}

// ---- the auth service

absl::StatusOr<client::Tokens> Transport::Login(const client::Call&, const client::Credentials& who,
                                                const DeviceId& device) {
  v1::LoginRequest request;
  request.set_email(who.email);
  request.set_password(who.password);
  request.set_device_id(device.value());
  ++counts_.logins;
  counts_.auth_bytes_sent += BytesOf(request);
  auth::Caller caller{.address = address_};
  return Taken(RunBlocking<absl::StatusOr<auth::Tokens>>(replica_.loop(), [&] {
    return replica_.auth().Login(
        {.email = request.email(), .password = request.password(), .device_id = request.device_id()}, caller);
  }));
}

absl::StatusOr<client::Tokens> Transport::Refresh(const client::Call&, const std::string& refresh_token) {
  v1::RefreshRequest request;
  request.set_refresh_token(refresh_token);
  ++counts_.refreshes;
  counts_.auth_bytes_sent += BytesOf(request);
  auth::Caller caller{.address = address_};
  return Taken(RunBlocking<absl::StatusOr<auth::Tokens>>(
      replica_.loop(), [&] { return replica_.auth().Refresh(request.refresh_token(), caller); }));
}

absl::StatusOr<client::Tokens> Transport::Taken(const absl::StatusOr<auth::Tokens>& tokens) {
  if (!tokens.ok()) {
    NoteRefusal(tokens.status());
    return tokens.status();
  }
  v1::Tokens message;
  message.set_user_id(tokens->user.value());
  message.set_access_token(tokens->access_token);
  message.set_token_type("Bearer");
  message.set_expires_in(absl::ToInt64Seconds(tokens->expires_in));
  message.set_refresh_token(tokens->refresh_token);
  counts_.auth_bytes_received += SizeOf(gateway::EncodeTokens(message));
  return client::FromProto(message);
}

// ---- what is counted

void Transport::NoteSync(const absl::Status& status) {
  if (status.ok()) {
    let_in_.push_back(replica_.clock().Now());
  } else {
    NoteRefusal(status);
  }
}

void Transport::NoteRefusal(const absl::Status& status) {
  switch (ErrorInfoOf(status).code) {
    case Code::kRateLimited:
      ++counts_.rate_limited;
      break;
    case Code::kReadPaused:
      ++counts_.read_paused;
      break;
    case Code::kQuotaExhausted:
      ++counts_.quota_exhausted;
      break;
    default:
      ++counts_.errors;
      break;
  }
}

// ---- what nobody does

absl::Status Transport::Watch(const client::Call&, absl::FunctionRef<void(const std::string&)>) {
  return NotHere();
}
absl::StatusOr<std::vector<client::HistoryEntry>> Transport::History(const client::Call&, const TaskId&) {
  return NotHere();
}
absl::StatusOr<std::vector<client::DeviceStatus>> Transport::Devices(const client::Call&) {
  return NotHere();
}
absl::StatusOr<client::Usage> Transport::GetUsage(const client::Call&) { return NotHere(); }
absl::StatusOr<client::Tokens> Transport::Register(const client::Call&, const client::Credentials&,
                                                   const DeviceId&) {
  return NotHere();
}
absl::Status Transport::Logout(const client::Call&, const std::string&) { return NotHere(); }
absl::Status Transport::ChangePassword(const client::Call&, const std::string&, const std::string&) {
  return NotHere();
}
absl::StatusOr<std::vector<client::SessionInfo>> Transport::Sessions(const client::Call&) {
  return NotHere();
}
absl::Status Transport::RevokeSession(const client::Call&, const SessionId&) { return NotHere(); }
absl::Status Transport::DeleteAccount(const client::Call&, const std::string&) { return NotHere(); }

}  // namespace tidemark::fleet
