// What happens to a client, as far as its schedule has to know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace tidemark::client {

// Why a sync is due. In the order in which it is told when several are.
enum class Trigger {
  // The session's tokens are to be renewed, before anything can be synced.
  kRenew,
  // The person asked.
  kAsk,
  // An edit waits.
  kEdit,
  // A live stream told news.
  kHead,
  // A pull is owed: the server put it off, or the person's own request failed.
  kPull,
  // The app was started.
  kStart,
  kTimer,
};

// "renew", "ask", "edit", "head", "pull", "start" or "timer".
std::string_view NameOf(Trigger trigger);

// The headers RateLimit and RateLimit-Policy, or the metadata of the same names (SPEC 7).
struct LimitTold {
  std::string policy;
  // Whole tokens: left, and in a full bucket.
  int64_t remaining = 0;
  int64_t limit = 0;
  // Until the bucket is full, and how long an empty one takes to be full.
  absl::Duration reset;
  absl::Duration window;
};

namespace event {

// A task was created or edited here, in the same transaction of the store.
struct Edited {};
// The app was started by a person, or a program that stays was. `utc_offset` says when their day begins.
struct AppStarted {
  absl::Duration utc_offset;
};
// The app is what the person looks at, or no longer.
struct CameToFront {};
struct WentBehind {};
// The person asked for a sync.
struct Asked {};
// A live stream (SPEC 3.5) delivers, or no longer.
struct StreamOpened {};
struct StreamClosed {};
// The live stream told the user's current ETag.
struct HeadTold {
  std::string etag;
};
// The system says that there is a network again.
struct NetworkBack {};

// A run of requests begins: it will push what waits and pull. `trigger` is the one that Next() gave.
struct RunBegan {
  Trigger trigger = Trigger::kTimer;
};
// Its answers are stored.
struct RunDone {
  // Absent: the pull was put off.
  std::optional<std::string> etag = std::nullopt;
  std::optional<absl::Duration> next_sync_in = std::nullopt;
  // `retry_after` of an answer with `pull_deferred`.
  std::optional<absl::Duration> deferred_for = std::nullopt;
  // More edits waited than one run sends.
  bool edits_are_left = false;
  // One for each answer of the run that told any, in their order.
  std::vector<LimitTold> limits = {};
};
// It ended with an error.
struct RunFailed {
  // As the SPEC names it, e.g. "rate_limited"; kNoAnswerCode if nothing came that says so.
  std::string code;
  std::optional<absl::Duration> retry_after = std::nullopt;
  // The request that was refused carried changes.
  bool pushed = false;
  std::vector<LimitTold> limits = {};
  // An earlier request of it was answered: its token was good.
  bool let_in = false;
};
// It was given up, and nothing is known against the network.
struct RunAbandoned {
  // As of RunFailed.
  bool let_in = false;
};

// There is a new access token. `by_refresh`: this client spent its refresh token for it, for a run that is to
// follow; else it was for something else, or another process had.
struct TokenRenewed {
  bool by_refresh = true;
};
struct RenewalFailed {
  std::string code;
  std::optional<absl::Duration> retry_after = std::nullopt;
};
struct LoggedIn {};
struct LoggedOut {};

// Nothing but that time has passed.
struct Tick {};

}  // namespace event

// The network failed, or what answered is not Tidemark.
inline constexpr char kNoAnswerCode[] = "no_answer";

using Event =
    std::variant<event::Edited, event::AppStarted, event::CameToFront, event::WentBehind, event::Asked,
                 event::StreamOpened, event::StreamClosed, event::HeadTold, event::NetworkBack,
                 event::RunBegan, event::RunDone, event::RunFailed, event::RunAbandoned, event::TokenRenewed,
                 event::RenewalFailed, event::LoggedIn, event::LoggedOut, event::Tick>;

}  // namespace tidemark::client
