#include "services/auth/storage/memory_store.h"

#include <algorithm>

namespace tidemark::auth {

Task<absl::Status> MemoryAccountStore::CreateAccount(Account account, NewSession session) {
  std::lock_guard lock(mutex_);
  const bool inserted = accounts_by_key_.emplace(account.email.key, account).second;
  if (!inserted) co_return absl::AlreadyExistsError("the address has an account");
  Insert(session);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::optional<Account>>> MemoryAccountStore::FindAccount(std::string email_key) {
  std::lock_guard lock(mutex_);
  auto found = accounts_by_key_.find(email_key);
  if (found == accounts_by_key_.end()) co_return std::nullopt;
  co_return found->second;
}

Task<absl::Status> MemoryAccountStore::OpenSession(NewSession session) {
  std::lock_guard lock(mutex_);
  const bool known = std::any_of(accounts_by_key_.begin(), accounts_by_key_.end(),
                                 [&](const auto& entry) { return entry.second.user == session.user; });
  if (!known) co_return absl::NotFoundError("there is no such user");
  ForgetExpiredSessions(session.user, session.created_at);
  Insert(session);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::optional<Rotation>>> MemoryAccountStore::Rotate(RotationRequest request) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(request.presented);
  if (found == tokens_.end()) co_return std::nullopt;
  const Token token = found->second;
  Session& session = sessions_.at(token.session);
  const Verdict verdict = Judge(token.presented, session.state, request.now);
  if (verdict == Verdict::kRotate) {
    session.state = {.generation = session.state.generation + 1, .rotated_at = request.now};
    session.expires_at = request.successor_expires_at;
    tokens_[request.successor] = {.session = token.session,
                                  .presented = {session.state.generation, request.successor_expires_at}};
  }
  if (verdict == Verdict::kReused) session.state.ended = true;
  co_return Rotation{.verdict = verdict, .user = session.user, .session = token.session};
}

Task<absl::Status> MemoryAccountStore::EndSession(RefreshTokenHash token, UnixMillis) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(token);
  if (found != tokens_.end()) sessions_.at(found->second.session).state.ended = true;
  co_return absl::OkStatus();
}

void MemoryAccountStore::Insert(const NewSession& session) {
  const SessionState state{.generation = 1, .rotated_at = session.created_at};
  sessions_[session.session] = {.user = session.user, .state = state, .expires_at = session.expires_at};
  tokens_[session.first_token] = {.session = session.session,
                                  .presented = {state.generation, session.expires_at}};
}

void MemoryAccountStore::ForgetExpiredSessions(const UserId& user, UnixMillis now) {
  std::erase_if(tokens_, [&](const auto& entry) {
    const Session& session = sessions_.at(entry.second.session);
    return session.user == user && session.expires_at <= now;
  });
  std::erase_if(sessions_, [&](const auto& entry) {
    return entry.second.user == user && entry.second.expires_at <= now;
  });
}

Task<absl::StatusOr<std::vector<StoredKey>>> MemoryKeyStore::LoadKeys() {
  std::lock_guard lock(mutex_);
  std::vector<StoredKey> keys;
  for (const auto& [number, key] : keys_) keys.push_back(key);
  co_return keys;
}

Task<absl::Status> MemoryKeyStore::AddKey(StoredKey key) {
  std::lock_guard lock(mutex_);
  if (!keys_.emplace(key.period.number, key).second)
    co_return absl::AlreadyExistsError("the number is taken");
  co_return absl::OkStatus();
}

}  // namespace tidemark::auth
