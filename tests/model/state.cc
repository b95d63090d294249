#include "tests/model/state.h"

#include <algorithm>
#include <tuple>

#include "tests/model/key.h"

namespace tidemark::model {
namespace {

std::string Describe(const Key& key) {
  std::string tokens;
  for (Small token = 0; token < kTokens; ++token) {
    if (key.tokens & (1U << token)) tokens += (tokens.empty() ? "" : ", ") + TokenName(token);
  }
  switch (key.kind) {
    case Key::Kind::kNothing:
      return "nothing";
    case Key::Kind::kHead:
      return "head " + std::to_string(key.head);
    case Key::Kind::kLease:
      return "lease " + tokens;
    case Key::Kind::kFence:
      break;
  }
  std::string text = "fence of {" + tokens + "}";
  if (key.leaves_nothing) return text + " that leaves nothing";
  return key.head > 0 ? text + ", newest " + std::to_string(key.head - 1) : text;
}

// The heads of generations past.
void Forget(State& state) {
  for (Small generation = 0; generation < state.generation; ++generation) {
    bool is_used = state.is_young && generation + 1 == state.generation;
    for (const Writer& writer : state.writers) {
      is_used |= writer.at != Writer::At::kIdle && writer.reading.generation == generation;
    }
    for (const Reader& reader : state.readers) {
      is_used |= reader.at != Reader::At::kIdle && reader.generation == generation;
    }
    if (!is_used) state.spaces[generation] = {};
  }
}

bool Names(const State& state, Small generation, unsigned token) {
  return (state.spaces[generation].key.tokens >> token & 1U) != 0;
}

// By all but the names of tokens, so that those who compare equal may change places.
void Sort(State& state) {
  std::ranges::sort(state.writers, {}, [&](const Writer& w) {
    return std::tuple(w.at, w.reading.generation, w.reading.is_suspended, w.fence_lost, w.head, w.goes_again,
                      w.fence > 0, w.fence > 0 && Names(state, w.reading.generation, w.fence - 1U));
  });
  std::ranges::sort(state.readers, {}, [&](const Reader& r) {
    return std::tuple(r.at, r.generation, r.head, HoldsLease(r) && Names(state, r.generation, r.lease));
  });
}

// Tokens by the order in which they are met. Those that nobody holds are one: they are never given back.
void Rename(State& state) {
  std::array<Small, kTokens> names{};
  Small named = 0;
  std::array<bool, kTokens> is_held{};
  const auto rename = [&](Small token) {
    if (!is_held[token]) names[token] = named++;
    is_held[token] = true;
    return names[token];
  };
  for (Writer& writer : state.writers) {
    if (writer.fence > 0) writer.fence = static_cast<Small>(rename(static_cast<Small>(writer.fence - 1)) + 1);
  }
  for (Reader& reader : state.readers) {
    if (HoldsLease(reader)) reader.lease = rename(reader.lease);
  }
  for (Space& space : state.spaces) {
    unsigned tokens = 0;
    for (Small token = 0; token < kTokens; ++token) {
      if (space.key.tokens & (1U << token)) tokens |= 1U << (is_held[token] ? names[token] : named);
    }
    space.key.tokens = static_cast<Small>(tokens);
  }
}

}  // namespace

State Begin(const Budget& budget) {
  State state;
  state.spaces[0].is_warm = true;
  state.budget = budget;
  return state;
}

State Normal(State state) {
  Forget(state);
  Sort(state);
  Rename(state);
  return state;
}

std::string Describe(const State& state) {
  std::string text =
      "head " + std::to_string(state.head) + ", generation " + std::to_string(state.generation);
  if (state.is_young) text += " (young)";
  if (state.suspension == Suspension::kLong) text += ", suspended";
  if (state.suspension == Suspension::kShort) text += ", suspended, not for long";
  for (int i = 0; i <= state.generation; ++i) {
    const Space& space = state.spaces[static_cast<std::size_t>(i)];
    text += "; cache " + std::to_string(i) + (space.is_warm ? ": " : " (cold): ") + Describe(space.key);
  }
  return text;
}

}  // namespace tidemark::model
