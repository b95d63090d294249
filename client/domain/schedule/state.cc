#include "client/domain/schedule/state.h"

#include <charconv>
#include <cmath>
#include <map>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::client {
namespace {

// A double is kept as a whole number of millionths, so that every machine reads what another wrote.
constexpr double kMillionth = 1e6;

template <typename F>
void Visit(Wants& wants, std::string_view prefix, F visit) {
  const auto named = [&](std::string_view name, MaybeTime& time) {
    visit(std::string(prefix) + std::string(name), time);
  };
  named("edited_first", wants.edited_first);
  named("edited_last", wants.edited_last);
  named("started", wants.started);
  named("asked", wants.asked);
  named("head", wants.head);
  named("pull", wants.pull);
}

template <typename F>
void Visit(Budget& budget, const std::string& name, F visit) {
  visit(name + "_full", budget.full);
  visit(name + "_limit", budget.limit);
  visit(name + "_interval_ms", budget.interval_ms);
}

template <typename F>
void Visit(Connection& connection, F visit) {
  visit("backoff_until", connection.backoff_until);
  visit("quota_until", connection.quota_until);
  visit("reads_paused_until", connection.reads_paused_until);
  visit("limited_until", connection.limited_until);
  visit("reads_limited_until", connection.reads_limited_until);
  visit("refused_until", connection.refused_until);
  visit("unanswered", connection.unanswered);
  visit("limited", connection.limited);
  visit("since", connection.since);
  visit("session", connection.session);
  visit("expired", connection.expired);
  visit("refreshed", connection.refreshed);
  visit("v1_failed", connection.v1_failed);
}

// Every member, by the name it is saved under.
template <typename F>
void Visit(SavedState& state, F visit) {
  visit("seen", state.seen);
  visit("born", state.born);
  Visit(state.wants, "", visit);
  Visit(state.taken, "taken_", visit);
  visit("run_began", state.run_began);
  visit("run_trigger", state.run_trigger);
  visit("synced", state.synced);
  visit("tried", state.tried);
  visit("timer_jitter", state.timer_jitter);
  visit("quiet_until", state.quiet_until);
  visit("start_day", state.start_day);
  visit("changed", state.changed);
  visit("etag", state.etag);
  visit("head_etag", state.head_etag);
  Visit(state.sync, "sync", visit);
  Visit(state.push_reserve, "push_reserve", visit);
  Visit(state.live, "live", visit);
  Visit(state.connection, visit);
}

std::string TextOf(const MaybeTime& time) { return time ? absl::StrCat(time->value) : ""; }
std::string TextOf(int64_t number) { return absl::StrCat(number); }
std::string TextOf(bool flag) { return flag ? "1" : "0"; }
std::string TextOf(double number) { return absl::StrCat(std::llround(number * kMillionth)); }
std::string TextOf(Trigger trigger) { return absl::StrCat(static_cast<int>(trigger)); }
std::string TextOf(SessionState session) { return absl::StrCat(static_cast<int>(session)); }
// Escaped, because the server chose it.
std::string TextOf(const std::string& text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    hex += kHex[static_cast<unsigned char>(c) >> 4];
    hex += kHex[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::optional<int64_t> Number(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename T>
bool Read(std::string_view text, T& value) {
  const std::optional<int64_t> number = Number(text);
  if (!number) return false;
  if constexpr (std::is_same_v<T, MaybeTime>) {
    value = UnixMillis{*number};
  } else if constexpr (std::is_same_v<T, double>) {
    value = static_cast<double>(*number) / kMillionth;
  } else if constexpr (std::is_same_v<T, Trigger>) {
    if (*number < 0 || *number > static_cast<int>(Trigger::kTimer)) return false;
    value = static_cast<Trigger>(*number);
  } else if constexpr (std::is_same_v<T, SessionState>) {
    if (*number < 0 || *number > static_cast<int>(SessionState::kLoggedOut)) return false;
    value = static_cast<SessionState>(*number);
  } else {
    value = static_cast<T>(*number);
  }
  return true;
}

bool Read(std::string_view text, std::string& value) {
  value.clear();
  if (text.size() % 2 != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2) return false;
    value += static_cast<char>(byte);
  }
  return true;
}

}  // namespace

std::string Encode(const SavedState& state) {
  SavedState copy = state;
  SavedState fresh;
  std::map<std::string, std::string> unset;
  Visit(fresh, [&](const std::string& name, const auto& value) { unset[name] = TextOf(value); });
  std::string line;
  Visit(copy, [&](const std::string& name, const auto& value) {
    const std::string text = TextOf(value);
    if (text != unset[name]) absl::StrAppend(&line, line.empty() ? "" : " ", name, "=", text);
  });
  return line;
}

absl::StatusOr<SavedState> Decode(std::string_view text) {
  const std::vector<std::string> items = absl::StrSplit(std::string(text), ' ', absl::SkipEmpty());
  std::map<std::string, std::string> values;
  for (const std::string& item : items) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) return absl::InvalidArgumentError("A saved schedule holds name=value.");
    values[item.substr(0, equals)] = item.substr(equals + 1);
  }
  SavedState state;
  std::string wrong;
  Visit(state, [&](const std::string& name, auto& value) {
    const auto found = values.find(name);
    if (found != values.end() && !Read(found->second, value)) wrong = name;
  });
  if (!wrong.empty()) return absl::InvalidArgumentError(absl::StrCat("Not a value for ", wrong, "."));
  return state;
}

void Shift(SavedState& state, Presence& presence, int64_t millis) {
  const auto shift = [&](MaybeTime& time) {
    if (time) time->value += millis;
  };
  Visit(state, [&](const std::string&, auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, MaybeTime>) shift(value);
  });
  shift(presence.visit_since);
  shift(presence.behind_since);
}

}  // namespace tidemark::client
