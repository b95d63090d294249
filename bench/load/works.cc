#include "bench/load/works.h"

#include <chrono>

#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

// What is sent for a device that is new to the user.
constexpr char kNewDevice[] = "phone";

int64_t NowMillis() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Ask AskAs(const UsersFile& users, std::size_t user, Rpc rpc) {
  return {.rpc = rpc, .user = users.IdOf(user), .token = users.TokenOf(user)};
}

class Check : public Work {
 public:
  Check(UsersFile& users, bool stale) : users_(users), stale_(stale) {}

  Ask Begin(std::size_t user) override {
    Ask ask = AskAs(users_, user, Rpc::kCheck);
    const DeviceState state = users_.StateOf(user);
    ask.if_none_match = stale_ ? StaleEtagOf(state) : EtagOf(state);
    return ask;
  }
  Outcome Hear(std::size_t, const Reply& reply, Ask&) override {
    return reply.not_modified == stale_ ? Outcome::kUnexpected : Outcome::kDone;
  }

 private:
  UsersFile& users_;
  const bool stale_;
};

class Push : public Work {
 public:
  Push(const WorkPlan& plan, UsersFile& users) : plan_(plan), users_(users) {}

  Ask Begin(std::size_t user) override {
    DeviceState state = users_.StateOf(user);
    Ask ask = AskAs(users_, user, Rpc::kSync);
    ask.device = kDevice;
    ask.epoch = users_.seeding().epoch;
    ask.cursor = state.cursor;
    ask.acked = users_.seeding().tasks + state.edits;
    ask.limit = plan_.limit;
    ask.updated_at = NowMillis();
    for (int64_t change = 0; change < plan_.changes; ++change) {
      ask.edits.push_back(NextEdit(state.edits++, users_.seeding().tasks));
    }
    // Before the answer: a number is never used for two edits, also if there is none.
    users_.SetState(user, state);
    return ask;
  }

  Outcome Hear(std::size_t user, const Reply& reply, Ask&) override {
    const std::optional<DeviceState> state = WithEtag(users_.StateOf(user), reply.etag);
    if (!reply.complete || reply.has_more || !state) return Outcome::kUnexpected;
    users_.SetState(user, *state);
    return Outcome::kDone;
  }

 private:
  const WorkPlan plan_;
  UsersFile& users_;
};

class FirstPull : public Work {
 public:
  FirstPull(const WorkPlan& plan, UsersFile& users) : plan_(plan), users_(users) {}

  Ask Begin(std::size_t user) override {
    Ask ask = AskAs(users_, user, Rpc::kSync);
    ask.device = kNewDevice;
    ask.epoch = users_.seeding().epoch;
    ask.limit = plan_.limit;
    return ask;
  }
  Outcome Hear(std::size_t, const Reply& reply, Ask& ask) override {
    if (!reply.complete) return Outcome::kUnexpected;
    ask.page = reply.page;
    return reply.has_more ? Outcome::kMore : Outcome::kDone;
  }

 private:
  const WorkPlan plan_;
  UsersFile& users_;
};

class Login : public Work {
 public:
  explicit Login(UsersFile& users) : users_(users) {}

  Ask Begin(std::size_t user) override { return AskAs(users_, user, Rpc::kLogin); }
  Outcome Hear(std::size_t, const Reply&, Ask&) override { return Outcome::kDone; }

 private:
  UsersFile& users_;
};

}  // namespace

std::unique_ptr<Work> NewWork(const WorkPlan& plan, UsersFile& users) {
  if (plan.name == "check" || plan.name == "herd") return std::make_unique<Check>(users, false);
  if (plan.name == "stale-check") return std::make_unique<Check>(users, true);
  if (plan.name == "sync" || plan.name == "push") return std::make_unique<Push>(plan, users);
  if (plan.name == "first-pull") return std::make_unique<FirstPull>(plan, users);
  if (plan.name == "login") return std::make_unique<Login>(users);
  throw Failed("no work is named " + plan.name);
}

}  // namespace tidemark::bench
