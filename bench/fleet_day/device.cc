#include "bench/fleet_day/device.h"

#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/fleet_day/database.h"
#include "bench/seed/rows.h"
#include "bench/users/device.h"
#include "bench/users/failed.h"
#include "client/engine/local_tasks.h"
#include "common/status/error.h"

namespace tidemark::fleet {
namespace {

using bench::Failed;
namespace event = client::event;

// Beyond this a call in this process has hung.
constexpr absl::Duration kRunPatience = absl::Minutes(10);
// How often a person looks for a task to edit before they make a new one.
constexpr int kLooksMax = 8;

client::Generation GenerationOf(Speaks speaks) {
  return speaks == Speaks::kV1 ? client::Generation::kV1 : client::Generation::kFinal;
}

client::Protocol ProtocolOf(Speaks speaks) {
  return speaks == Speaks::kV1 ? client::Protocol::kV1 : client::Protocol::kFinal;
}

// Of TaskName; 0: it is none.
int64_t NumberOf(const TaskId& id) {
  static const std::string kPrefix = bench::TaskName(0).substr(0, bench::TaskName(0).size() - 1);
  int64_t number = 0;
  if (!id.value().starts_with(kPrefix)) return 0;
  const char* digits = id.value().data() + kPrefix.size();
  std::from_chars(digits, id.value().data() + id.value().size(), number);
  return number;
}

SeededRow RowsOf(const Settings& settings, const Person& person) {
  return [&settings, &person](const TaskId& id) -> std::optional<client::Row> {
    const int64_t number = NumberOf(id);
    if (number < 1 || number > settings.tasks.per_user) return std::nullopt;
    const UnixMillis at{person.edited_at.value - settings.tasks.per_user + number};
    client::Row row{.id = id, .version = {1}, .created_at = at, .updated_at = at};
    row.content = SeededContent(settings, person.number, number);
    row.device = DeviceAt(0);
    return row;
  };
}

// As a device that has stored the last answer there was.
client::Replica ReplicaAt(const Settings& settings, const Person& person, int place,
                          const std::string& epoch) {
  const bench::DeviceState state = bench::StateAfter(settings.tasks.per_user, person.edited_at);
  client::Replica replica;
  replica.device = DeviceAt(place);
  replica.last_number = replica.acked = {place == 0 ? settings.tasks.per_user : 0};
  replica.epoch = client::Epoch(epoch);
  replica.cursor = {state.cursor};
  replica.etag = bench::EtagOf(state);
  replica.synced_at = person.edited_at;
  replica.live_count = state.live_count;
  replica.version_sum = state.version_sum;
  return replica;
}

std::optional<client::FieldValue> ValueOf(const client::Fields& fields, client::Field field) {
  switch (field) {
    case client::Field::kContent:
      return fields.content ? std::optional<client::FieldValue>(*fields.content) : std::nullopt;
    case client::Field::kCompleted:
      return fields.completed ? std::optional<client::FieldValue>(*fields.completed) : std::nullopt;
    case client::Field::kPinned:
      return fields.pinned ? std::optional<client::FieldValue>(*fields.pinned) : std::nullopt;
    case client::Field::kDeletedAt:
      return fields.deleted_at ? std::optional<client::FieldValue>(*fields.deleted_at) : std::nullopt;
  }
  return std::nullopt;
}

void Expect(const absl::Status& status) {
  if (!status.ok()) throw Failed(absl::StrCat("fleet: a person cannot edit: ", status.message()));
}

}  // namespace

Device::Device(const Settings& settings, const Scenario& scenario, const Person& person, int place,
               const std::string& epoch, bool logs_in)
    : settings_(settings),
      scenario_(scenario),
      person_(person),
      place_(place),
      logs_in_(logs_in),
      draws_(SeedOf(settings.seed, person.number, Purpose::kSchedule, place)),
      random_(SeedOf(settings.seed, person.number, Purpose::kIds, place + 1)),
      store_(RowsOf(settings, person)),
      schedule_(client::DefaultScheduleSettings(), ProtocolOf(scenario.schedule),
                [this] { return draws_.Part(); }) {
  Expect(store_.Write([&](client::Transaction& tx) {
    tx.PutReplica(ReplicaAt(settings, person, place, epoch));
    return absl::OkStatus();
  }));
  if (logs_in_) return;
  // Its access token has expired, whichever it was.
  Expect(credentials_.Save({.user_id = person.user.value(),
                            .email = bench::EmailOf(person.user.value()),
                            .access_token = "expired",
                            .access_expires_at = {},
                            .refresh_token = SeededRefreshToken(settings, person, place)}));
}

// ---- the person

void Device::SwitchOn(UnixMillis now) {
  is_on_ = true;
  schedule_.On(event::Tick{}, now);
}

void Device::Start(UnixMillis now) {
  schedule_.On(event::AppStarted{}, now);
  schedule_.On(event::CameToFront{}, now);
}

void Device::Leave(UnixMillis now) { schedule_.On(event::WentBehind{}, now); }

void Device::Edit(PersonsEdits& edits, UnixMillis now) {
  const int64_t act = ++edits.acts;
  week::Dice dice(SeedOf(settings_.seed, person_.number, Purpose::kEdits, act));
  const double what = dice.Part();
  const std::string content =
      ContentTagged(settings_.tasks, absl::StrCat("Edit ", person_.number, "/", act), dice);
  std::optional<client::Task> seen;
  if (what >= settings_.edits.create) seen = Look(edits, dice);
  const client::Fields before = seen ? PendingOf(seen->id) : client::Fields();
  MadeEdit made = seen ? Change(*seen, what - settings_.edits.create, content, now) : Create(content, now);
  if (!seen) edits.created.push_back(made.task);
  // What waited, and does no longer, was replaced by this one.
  const client::Fields after = PendingOf(made.task);
  for (MadeEdit& earlier : edits.made) {
    if (earlier.task != made.task || earlier.device != place_ || earlier.replaced) continue;
    const bool waited = ValueOf(before, earlier.field) == earlier.value;
    earlier.replaced = waited && ValueOf(after, earlier.field) != earlier.value;
  }
  made.replaced = ValueOf(after, made.field) != made.value;
  edits.made.push_back(std::move(made));
  NotePending();
  schedule_.On(event::Edited{}, now);
}

std::optional<client::Task> Device::Look(const PersonsEdits& edits, week::Dice& dice) {
  const int64_t all = settings_.tasks.per_user + static_cast<int64_t>(edits.created.size());
  for (int looks = 0; looks < kLooksMax; ++looks) {
    const int64_t which = dice.Below(all) - settings_.tasks.per_user;
    const TaskId id =
        which < 0 ? TaskId(bench::TaskName(-which)) : edits.created[static_cast<std::size_t>(which)];
    std::optional<client::Task> seen = client::FindVisible(StateOf(id));
    if (seen) return seen;
  }
  return std::nullopt;
}

MadeEdit Device::Create(const std::string& content, UnixMillis now) {
  const absl::StatusOr<client::Task> task = client::AddTask(store_, random_, content, now);
  Expect(task.status());
  return {.task = task->id, .field = client::Field::kContent, .value = content, .device = place_};
}

// `what`: from 0 to what is left of the shares.
MadeEdit Device::Change(const client::Task& seen, double what, const std::string& content, UnixMillis now) {
  MadeEdit made{.task = seen.id, .field = client::Field::kContent, .value = content, .device = place_};
  if (what < settings_.edits.complete) {
    made.field = client::Field::kCompleted;
    made.value = !seen.completed;
    Expect(client::ChangeTask(store_, seen.id, {.completed = !seen.completed}, now).status());
  } else if (what < settings_.edits.complete + settings_.edits.rewrite) {
    Expect(client::ChangeTask(store_, seen.id, {.content = content}, now).status());
  } else {
    made.field = client::Field::kDeletedAt;
    made.value = now;
    Expect(client::RemoveTask(store_, seen.id, now));
  }
  return made;
}

client::TaskState Device::StateOf(const TaskId& id) {
  client::TaskState state;
  (void)store_.Read([&](client::Transaction& tx) {
    state = tx.Get(id);
    return absl::OkStatus();
  });
  return state;
}

// ---- syncing

std::optional<client::Due> Device::Next() const { return is_on_ ? schedule_.Next() : std::nullopt; }

// As Manager::RunDue and what it calls.
RunOutcome Device::Run(const client::Due& due, const Line& line) {
  const UnixMillis now = line.clock.Now();
  if (due.trigger == client::Trigger::kRenew) {
    client::Cancellation cancellation;
    client::Session session(line.transport, credentials_, line.gate, line.clock);
    const auto saved = session.Load();
    const std::string refused = saved.ok() && *saved ? (*saved)->access_token : "";
    (void)HasToken(session.Renew(refused, cancellation), now);
    return {};
  }
  const absl::StatusOr<client::Renewed> token = Token(line);
  if (!HasToken(token, now)) return {};
  schedule_.On(event::RunBegan{due.trigger}, now);
  const bool knows_news = due.trigger == client::Trigger::kHead || due.trigger == client::Trigger::kPull;
  const bool is_degraded = schedule_.state() == client::ConnectionState::kDegraded;
  RunOutcome outcome =
      Exchange({.may_check = !knows_news, .push_only = is_degraded && due.trigger == client::Trigger::kEdit},
               token->access_token, line);
  schedule_.On(client::EventOf(outcome.report, replica().etag), now);
  return outcome;
}

RunOutcome Device::RunNow(const Line& line) {
  const absl::StatusOr<client::Renewed> token = Token(line);
  if (!token.ok()) return {};
  return Exchange({}, token->access_token, line);
}

absl::StatusOr<client::Renewed> Device::Token(const Line& line) {
  client::Cancellation cancellation;
  client::Session session(line.transport, credentials_, line.gate, line.clock);
  if (std::exchange(logs_in_, false)) {
    const std::string email = bench::EmailOf(person_.user.value());
    const absl::StatusOr<client::Tokens> tokens =
        line.transport.Login({}, {.email = email, .password = bench::kPassword}, DeviceAt(place_));
    if (!tokens.ok()) return tokens.status();
    if (absl::Status entered = session.Enter(*tokens, email, cancellation); !entered.ok()) return entered;
  }
  return session.Token(cancellation);
}

bool Device::HasToken(const absl::StatusOr<client::Renewed>& token, UnixMillis now) {
  if (token.ok()) {
    if (token->by_refresh) schedule_.On(event::TokenRenewed{.by_refresh = true}, now);
    return true;
  }
  schedule_.On(event::RenewalFailed{.code = client::CodeNameOf(token.status()),
                                    .retry_after = ErrorInfoOf(token.status()).details.retry_after},
               now);
  return false;
}

RunOutcome Device::Exchange(const client::RunOptions& options, const std::string& token, const Line& line) {
  client::Exchange exchange(store_, random_, {.generation = GenerationOf(scenario_.protocol)});
  absl::StatusOr<client::RunReport> report =
      client::RunSync(exchange, options, line.transport, {.access_token = token, .timeout = kRunPatience},
                      CondVar::In(kRunPatience), line.clock);
  if (!report.ok()) throw Failed(absl::StrCat("fleet: a store fails: ", report.status().message()));
  if (report->end.difference) throw Failed("fleet: a device does not hold what its ETag counts");
  NotePending();
  return {.ran = true, .report = *std::move(report)};
}

void Device::NotePending() {
  (void)store_.Read([this](client::Transaction& tx) {
    pending_ = tx.CountPending();
    return absl::OkStatus();
  });
}

bench::DeviceState Device::held() {
  const client::Replica held = replica();
  return {.live_count = held.live_count, .cursor = held.cursor.value, .version_sum = held.version_sum};
}

client::Replica Device::replica() {
  client::Replica replica;
  (void)store_.Read([&](client::Transaction& tx) {
    replica = tx.GetReplica();
    return absl::OkStatus();
  });
  return replica;
}

int64_t Device::rejections() {
  int64_t count = 0;
  (void)store_.Read([&](client::Transaction& tx) {
    count = static_cast<int64_t>(tx.ListRejections().size());
    return absl::OkStatus();
  });
  return count;
}

}  // namespace tidemark::fleet
