// Which buckets an attempt takes from (SPEC 7, 9): whoever guesses passwords is slowed down, and the person
// whose password is guessed is not kept out (decision 22).
//
//   sign in  ─► the network's own ─► from a network that the account has a session of: a bucket of these two
//                                    from elsewhere:                                   the account's
#pragma once

#include <string>

#include "common/ids/ids.h"
#include "services/ratelimit/client/limiter.h"

namespace tidemark::auth {

// `network` as NetworkOf (common/net/ip.h) spells it, `email` however it is spelt.
ratelimit::Ask RegisterFrom(const std::string& network);
ratelimit::Ask LoginFrom(const std::string& network);
ratelimit::Ask LoginFromElsewhere(const std::string& email);
ratelimit::Ask LoginFromKnownNetwork(const std::string& email, const std::string& network);
// Whoever has a refresh token and nothing else.
ratelimit::Ask OtherFrom(const std::string& network);
// A password that somebody gives who is signed in.
ratelimit::Ask PasswordOf(const UserId& user);
// Whoever has an access token, before it is known whether the session still lives.
ratelimit::Ask OtherOf(const SessionId& session);
// Everything else of a user's.
ratelimit::Ask OtherOf(const UserId& user);

}  // namespace tidemark::auth
