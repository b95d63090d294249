#include "services/auth/storage/memory_store.h"

#include <algorithm>

namespace tidemark::auth {

namespace {

bool IsLive(const SessionState& state, UnixMillis expires_at, UnixMillis now) {
  return !state.ended && expires_at > now;
}

}  // namespace

Task<absl::Status> MemoryAccountStore::CreateAccount(Account account, NewSession session) {
  std::lock_guard lock(mutex_);
  const bool inserted = accounts_by_key_.emplace(account.email.key, account).second;
  if (!inserted) co_return absl::AlreadyExistsError("the address has an account");
  Insert(session);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::optional<FoundAccount>>> MemoryAccountStore::FindAccount(std::string email_key,
                                                                                  NetworkHash network) {
  std::lock_guard lock(mutex_);
  const auto found = accounts_by_key_.find(email_key);
  if (found == accounts_by_key_.end()) co_return std::nullopt;
  const Account& account = found->second;
  const bool knows_network = std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
    return entry.second.user == account.user && entry.second.network == network;
  });
  co_return FoundAccount{.account = account, .knows_network = knows_network};
}

Task<absl::StatusOr<std::optional<Account>>> MemoryAccountStore::FindAccountOfSession(UserId user,
                                                                                      SessionId session,
                                                                                      UnixMillis now) {
  std::lock_guard lock(mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.user != user) co_return std::nullopt;
  if (!IsLive(found->second.state, found->second.expires_at, now)) co_return std::nullopt;
  co_return *FindUser(user);
}

Task<absl::Status> MemoryAccountStore::OpenSession(NewSession session) {
  std::lock_guard lock(mutex_);
  const Account* account = FindUser(session.user);
  if (account == nullptr) co_return absl::NotFoundError("there is no such user");
  if (account->password_version != session.password_version) {
    co_return absl::NotFoundError("the password has changed");
  }
  ForgetSessions([&session](const StoredSession& stored) {
    return stored.user == session.user && stored.expires_at <= session.created_at;
  });
  Insert(session);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<Session>>> MemoryAccountStore::ListSessions(UserId user, UnixMillis now,
                                                                            int sessions_max) {
  std::lock_guard lock(mutex_);
  std::vector<Session> sessions;
  for (const auto& [id, stored] : sessions_) {
    if (stored.user != user || !IsLive(stored.state, stored.expires_at, now)) continue;
    sessions.push_back({id, stored.device, stored.created_at, stored.state.rotated_at});
  }
  std::stable_sort(sessions.begin(), sessions.end(),
                   [](const Session& a, const Session& b) { return a.last_used_at > b.last_used_at; });
  if (sessions.size() > static_cast<size_t>(sessions_max)) sessions.resize(sessions_max);
  co_return sessions;
}

Task<absl::StatusOr<std::optional<Rotation>>> MemoryAccountStore::Rotate(RotationRequest request) {
  std::lock_guard lock(mutex_);
  auto found = tokens_.find(request.presented);
  if (found == tokens_.end()) co_return std::nullopt;
  const Token token = found->second;
  StoredSession& session = sessions_.at(token.session);
  const Verdict verdict = Judge(token.presented, session.state, request.now);
  RefreshTokenHash live;
  if (verdict == Verdict::kRepeat) live = LiveTokenOf(token.session);
  if (verdict == Verdict::kRotate) {
    live = request.successor;
    session.state = {.generation = session.state.generation + 1, .rotated_at = request.now};
    session.expires_at = request.successor_expires_at;
    tokens_[request.successor] = {.session = token.session,
                                  .presented = {session.state.generation, request.successor_expires_at}};
  }
  if (verdict == Verdict::kReused) End(token.session, request.now);
  co_return Rotation{.verdict = verdict, .user = session.user, .session = token.session, .live = live};
}

RefreshTokenHash MemoryAccountStore::LiveTokenOf(const SessionId& session) const {
  const int64_t generation = sessions_.at(session).state.generation;
  for (const auto& [hash, token] : tokens_) {
    if (token.session == session && token.presented.generation == generation) return hash;
  }
  return {};
}

Task<absl::StatusOr<std::optional<Revocation>>> MemoryAccountStore::EndSession(RefreshTokenHash token,
                                                                               UnixMillis now) {
  std::lock_guard lock(mutex_);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) co_return std::nullopt;
  co_return End(found->second.session, now);
}

Task<absl::StatusOr<Revocation>> MemoryAccountStore::RevokeSession(UserId user, SessionId session,
                                                                   UnixMillis now) {
  std::lock_guard lock(mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.user != user) {
    co_return absl::NotFoundError("there is no such session");
  }
  co_return End(session, now);
}

Task<absl::StatusOr<std::vector<Revocation>>> MemoryAccountStore::RevokeOtherSessions(UserId user,
                                                                                      SessionId keeps,
                                                                                      UnixMillis now) {
  std::lock_guard lock(mutex_);
  co_return EndAllBut(user, keeps, now);
}

Task<absl::StatusOr<std::vector<Revocation>>> MemoryAccountStore::ChangePassword(PasswordChange change) {
  std::lock_guard lock(mutex_);
  Account* account = FindUser(change.user);
  if (account == nullptr || account->password_version != change.replaces_version) {
    co_return absl::NotFoundError("the password has changed");
  }
  account->password_hash = change.password_hash;
  ++account->password_version;
  co_return EndAllBut(change.user, change.keeps, change.now);
}

Task<absl::StatusOr<std::vector<Revocation>>> MemoryAccountStore::DeleteAccount(UserId user, UnixMillis now) {
  std::lock_guard lock(mutex_);
  std::vector<Revocation> ended = EndAllBut(user, std::nullopt, now);
  ForgetSessions([&user](const StoredSession& stored) { return stored.user == user; });
  std::erase_if(accounts_by_key_, [&user](const auto& entry) { return entry.second.user == user; });
  co_return ended;
}

Task<absl::StatusOr<std::vector<Revocation>>> MemoryAccountStore::RevokedSince(UnixMillis since) {
  std::lock_guard lock(mutex_);
  std::vector<Revocation> revoked;
  for (const auto& [session, revocation] : revoked_) {
    if (revocation.revoked_at >= since) revoked.push_back(revocation);
  }
  std::stable_sort(revoked.begin(), revoked.end(),
                   [](const Revocation& a, const Revocation& b) { return a.revoked_at < b.revoked_at; });
  co_return revoked;
}

Task<absl::Status> MemoryAccountStore::ForgetRevoked(UnixMillis before) {
  std::lock_guard lock(mutex_);
  std::erase_if(revoked_, [before](const auto& entry) { return entry.second.revoked_at < before; });
  co_return absl::OkStatus();
}

Account* MemoryAccountStore::FindUser(const UserId& user) {
  for (auto& [key, account] : accounts_by_key_) {
    if (account.user == user) return &account;
  }
  return nullptr;
}

void MemoryAccountStore::Insert(const NewSession& session) {
  const SessionState state{.generation = 1, .rotated_at = session.created_at};
  sessions_[session.session] = {.user = session.user,
                                .device = session.device,
                                .network = session.network,
                                .state = state,
                                .created_at = session.created_at,
                                .expires_at = session.expires_at};
  tokens_[session.first_token] = {.session = session.session,
                                  .presented = {state.generation, session.expires_at}};
}

void MemoryAccountStore::ForgetSessions(const std::function<bool(const StoredSession&)>& are_forgotten) {
  std::erase_if(tokens_,
                [&](const auto& entry) { return are_forgotten(sessions_.at(entry.second.session)); });
  std::erase_if(sessions_, [&](const auto& entry) { return are_forgotten(entry.second); });
}

Revocation MemoryAccountStore::End(const SessionId& session, UnixMillis now) {
  sessions_.at(session).state.ended = true;
  revoked_.emplace(session, Revocation{session, now});
  return {session, now};
}

std::vector<Revocation> MemoryAccountStore::EndAllBut(const UserId& user,
                                                      const std::optional<SessionId>& keeps, UnixMillis now) {
  std::vector<Revocation> ended;
  for (const auto& [id, session] : sessions_) {
    if (session.user == user && !session.state.ended && id != keeps) ended.push_back({id, now});
  }
  for (const Revocation& revocation : ended) End(revocation.session, now);
  return ended;
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
