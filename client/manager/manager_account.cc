#include <utility>

#include "client/manager/manager.h"
#include "client/manager/user_note.h"
#include "client/transport/tells_code.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

constexpr absl::Duration kFarewellTimeout = absl::Seconds(5);
constexpr absl::Duration kProbeTimeout = absl::Seconds(5);

// Nobody answered, or it was too much: not that we gave up.
bool IsNews(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

absl::Status OfAnother(const UserNote& owner) {
  return absl::FailedPreconditionError("the tasks on this device are those of " + owner.email);
}

}  // namespace

absl::Status Manager::Probe() {
  Work work(*this);
  const absl::Status told =
      transport_
          ->Check({.access_token = "", .timeout = kProbeTimeout, .cancellation = &work.cancellation()}, {})
          .answer.status();
  // It refuses who has no token: it is there.
  return TellsCode(told) ? absl::OkStatus() : told;
}

absl::Status Manager::Register(const Credentials& who) {
  Work work(*this);
  UserNote owner;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    owner = ReadUserNote(tx);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  // Before there is an account that could not be used here.
  if (!owner.user_id.empty()) {
    return OfAnother(owner);
  }
  absl::StatusOr<DeviceId> device = DeviceOf();
  if (!device.ok()) return device.status();
  return Enter(transport_->Register({.access_token = "", .cancellation = &work.cancellation()}, who, *device),
               who.email, work);
}

absl::Status Manager::Login(const Credentials& who) {
  Work work(*this);
  absl::StatusOr<DeviceId> device = DeviceOf();
  if (!device.ok()) return device.status();
  return Enter(transport_->Login({.access_token = "", .cancellation = &work.cancellation()}, who, *device),
               who.email, work);
}

absl::StatusOr<DeviceId> Manager::DeviceOf() {
  DeviceId device;
  const absl::Status read = store_.Read([&](Transaction& tx) {
    device = tx.GetReplica().device;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return device;
}

absl::Status Manager::Enter(absl::StatusOr<Tokens> tokens, const std::string& email, Work& work) {
  if (!tokens.ok()) return tokens.status();
  const auto may_own = [&](Transaction& tx) {
    const UserNote owner = ReadUserNote(tx);
    if (owner.user_id.empty() || owner.user_id == tokens->user_id) return absl::OkStatus();
    return OfAnother(owner);
  };
  absl::Status entered = store_.Read(may_own);
  if (entered.ok()) entered = session_.Enter(*tokens, email, work.cancellation());
  if (entered.ok()) {
    // Last: a store is nobody's whose session could not be kept.
    entered = store_.Write([&](Transaction& tx) {
      absl::Status mine = may_own(tx);
      if (mine.ok()) PutUserNote(tx, {.user_id = tokens->user_id, .email = email});
      return mine;
    });
    if (!entered.ok()) session_.Leave(work.cancellation()).status().IgnoreError();
  }
  if (!entered.ok()) {
    // Nobody has this session.
    transport_
        ->Logout({.access_token = "", .timeout = kFarewellTimeout, .cancellation = &work.cancellation()},
                 tokens->refresh_token)
        .IgnoreError();
    return entered;
  }
  return Tell(event::LoggedIn{});
}

absl::StatusOr<Farewell> Manager::Logout() {
  Work work(*this);
  absl::StatusOr<std::optional<std::string>> refresh_token = session_.Leave(work.cancellation());
  if (!refresh_token.ok()) return refresh_token.status();
  const absl::Status noted = Tell(event::LoggedOut{});
  Farewell farewell{.was_logged_in = refresh_token->has_value()};
  if (farewell.was_logged_in) {
    farewell.told = transport_->Logout(
        {.access_token = "", .timeout = kFarewellTimeout, .cancellation = &work.cancellation()},
        **refresh_token);
  }
  if (!noted.ok()) return noted;
  return farewell;
}

absl::Status Manager::ChangePassword(const std::string& current_password, const std::string& new_password) {
  return Authorized(
      [&](const Call& call) { return transport_->ChangePassword(call, current_password, new_password); });
}

absl::StatusOr<std::vector<SessionInfo>> Manager::Sessions() {
  return Asked<std::vector<SessionInfo>>([&](const Call& call) { return transport_->Sessions(call); });
}

absl::Status Manager::RevokeSession(const SessionId& session) {
  return Authorized([&](const Call& call) { return transport_->RevokeSession(call, session); });
}

absl::Status Manager::DeleteAccount(const std::string& password) {
  absl::Status deleted =
      Authorized([&](const Call& call) { return transport_->DeleteAccount(call, password); });
  if (!deleted.ok()) return deleted;
  Work work(*this);
  if (auto left = session_.Leave(work.cancellation()); !left.ok()) return left.status();
  return Tell(event::LoggedOut{});
}

absl::StatusOr<std::vector<HistoryEntry>> Manager::History(const TaskId& id) {
  return Asked<std::vector<HistoryEntry>>([&](const Call& call) { return transport_->History(call, id); });
}

absl::StatusOr<std::vector<DeviceStatus>> Manager::Devices() {
  return Asked<std::vector<DeviceStatus>>([&](const Call& call) { return transport_->Devices(call); });
}

absl::StatusOr<Usage> Manager::GetUsage() {
  return Asked<Usage>([&](const Call& call) { return transport_->GetUsage(call); });
}

absl::Status Manager::Authorized(absl::FunctionRef<absl::Status(const Call&)> ask) {
  Work work(*this);
  absl::StatusOr<Renewed> token = Token(For::kOther, work.cancellation());
  if (!token.ok()) return token.status();
  absl::Status status = ask({.access_token = token->access_token, .cancellation = &work.cancellation()});
  if (!IsTokenRefused(status)) return status;
  token = Renew(For::kOther, token->access_token, work.cancellation());
  if (!token.ok()) return token.status();
  return ask({.access_token = token->access_token, .cancellation = &work.cancellation()});
}

absl::StatusOr<Renewed> Manager::Token(For purpose, Cancellation& cancellation) {
  absl::StatusOr<Renewed> token = session_.Token(cancellation);
  return token.ok() && !token->by_refresh ? token : TellRenewal(purpose, std::move(token));
}

absl::StatusOr<Renewed> Manager::Renew(For purpose, const std::string& refused, Cancellation& cancellation) {
  return TellRenewal(purpose, session_.Renew(refused, cancellation));
}

// So that every process on the store knows.
absl::StatusOr<Renewed> Manager::TellRenewal(For purpose, absl::StatusOr<Renewed> renewed) {
  if (renewed.ok()) {
    // A run may be under way with the old token, and be refused yet: that says nothing against this one. Only
    // what a run itself has renewed is a token that the next refusal is about.
    const bool by_run = renewed->by_refresh && purpose == For::kRun;
    if (absl::Status told = Tell(event::TokenRenewed{.by_refresh = by_run}); !told.ok()) return told;
  } else if (IsSignInNeeded(renewed.status()) || (purpose == For::kRun && IsNews(renewed.status()))) {
    const event::RenewalFailed failed{.code = CodeNameOf(renewed.status()),
                                      .retry_after = ErrorInfoOf(renewed.status()).details.retry_after};
    if (absl::Status told = Tell(failed); !told.ok()) return told;
  }
  return renewed;
}

}  // namespace tidemark::client
