#include "bench/week/person.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/week/habits.h"
#include "bench/week/limited_server.h"
#include "bench/week/week_dice.h"

namespace tidemark::week {
namespace {

namespace event = client::event;
using client::Due;
using client::Protocol;
using client::Schedule;
using client::Trigger;

// Thursday, 2026-01-01T00:00:00Z.
constexpr UnixMillis kFirstMidnight{1'767'225'600'000};
constexpr int64_t kDayMillis = 86'400'000;

struct Device {
  Schedule schedule;
  DeviceId id;
  std::string etag = {};
  int unsent = 0;
  std::optional<UnixMillis> unsent_since = {};
  bool is_on = false;
  bool has_stream = false;
};

class Life {
 public:
  Life(const PersonOptions& options, const client::ScheduleSettings& settings,
       const ratelimit::PolicySet& policies)
      : options_(options),
        dice_(options.seed),
        draws_(options.seed + 1),
        server_(policies, UserId(absl::StrCat("user-", options.seed)), LastEditBefore(options)) {
    for (int i = 0; i < options.devices; ++i) {
      devices_.push_back(std::make_unique<Device>(
          Device{Schedule(settings, options.protocol, [this] { return draws_.Part(); }),
                 DeviceId(absl::StrCat("device-", i))}));
    }
  }

  Tally Live() {
    for (int day = 0; day < options_.days; ++day) {
      const UnixMillis midnight{kFirstMidnight.value + day * kDayMillis};
      for (const Deed& deed : DeedsOfDay(options_.profile, options_.devices, midnight, dice_)) {
        RunUntil(deed.at);
        Do(deed);
      }
    }
    return tally_;
  }

 private:
  static UnixMillis LastEditBefore(const PersonOptions& options) {
    // Who edits has edited lately; who does not has not for a month.
    const int64_t days = options.profile.edit_days_per_week > 0 ? 1 : 30;
    return {kFirstMidnight.value - days * kDayMillis};
  }

  // All runs that are due before `end`, in their order.
  void RunUntil(UnixMillis end) {
    while (true) {
      Device* first = nullptr;
      Due first_due;
      for (const auto& device : devices_) {
        if (!device->is_on) continue;
        std::optional<Due> due = device->schedule.Next();
        if (!due) continue;
        due->at = std::max(due->at, now_);
        if (due->at < end && (first == nullptr || due->at < first_due.at)) {
          first = device.get();
          first_due = *due;
        }
      }
      if (first == nullptr) break;
      now_ = first_due.at;
      Run(*first, first_due.trigger);
    }
    now_ = end;
  }

  void Run(Device& device, Trigger trigger) {
    const RunRequest request{.device = device.id,
                             .etag = device.etag,
                             .edits = device.unsent,
                             .checks = trigger != Trigger::kHead,
                             .has_stream = device.has_stream};
    const std::string before = server_.etag();
    const client::Event ended =
        options_.protocol == Protocol::kV1 ? server_.RunV1(request, now_) : server_.Run(request, now_);
    device.schedule.On(event::RunBegan{trigger}, now_);
    device.schedule.On(ended, now_);
    if (const auto* done = std::get_if<event::RunDone>(&ended)) {
      ++tally_.runs[static_cast<size_t>(trigger)];
      tally_.deferred += done->deferred_for ? 1 : 0;
      device.etag = done->etag.value_or(device.etag);
      Sent(device);
    } else {
      ++(request.edits > 0 ? tally_.pushes_refused : tally_.reads_refused);
    }
    if (server_.etag() != before) TellStreams();
  }

  void Sent(Device& device) {
    if (device.unsent_since) {
      const absl::Duration waited = absl::Milliseconds(now_.value - device.unsent_since->value);
      tally_.unsent_longest = std::max(tally_.unsent_longest, waited);
    }
    device.unsent = 0;
    device.unsent_since.reset();
  }

  void TellStreams() {
    for (const auto& device : devices_) {
      if (device->has_stream) device->schedule.On(event::HeadTold{server_.etag()}, now_);
    }
  }

  void Do(const Deed& deed) {
    Device& device = *devices_[deed.device];
    switch (deed.what) {
      case Doing::kSwitchesOn:
        device.is_on = true;
        device.schedule.On(event::Tick{}, now_);
        // What it had no time to send yesterday has not waited for the network.
        if (device.unsent_since) device.unsent_since = now_;
        break;
      case Doing::kSwitchesOff:
        device.is_on = false;
        break;
      case Doing::kStarts:
        device.schedule.On(event::AppStarted{}, now_);
        device.schedule.On(event::CameToFront{}, now_);
        if (options_.has_streams && server_.OpensStream(now_)) {
          device.has_stream = true;
          device.schedule.On(event::StreamOpened{}, now_);
          device.schedule.On(event::HeadTold{server_.etag()}, now_);
        }
        break;
      case Doing::kLeaves:
        device.has_stream = false;
        device.schedule.On(event::StreamClosed{}, now_);
        device.schedule.On(event::WentBehind{}, now_);
        break;
      case Doing::kEdits:
        ++tally_.edits;
        ++device.unsent;
        if (!device.unsent_since) device.unsent_since = now_;
        device.schedule.On(event::Edited{}, now_);
        break;
    }
  }

  const PersonOptions options_;
  Dice dice_;
  // Apart, so that V1 and Final people do the same in their days.
  Dice draws_;
  LimitedServer server_;
  std::vector<std::unique_ptr<Device>> devices_;
  UnixMillis now_ = kFirstMidnight;
  Tally tally_;
};

}  // namespace

int64_t Tally::total() const { return std::accumulate(runs.begin(), runs.end(), int64_t{0}); }

void Tally::Add(const Tally& other) {
  for (size_t i = 0; i < runs.size(); ++i) runs[i] += other.runs[i];
  reads_refused += other.reads_refused;
  pushes_refused += other.pushes_refused;
  deferred += other.deferred;
  edits += other.edits;
  unsent_longest = std::max(unsent_longest, other.unsent_longest);
}

Tally Live(const PersonOptions& options, const client::ScheduleSettings& settings,
           const ratelimit::PolicySet& policies) {
  return Life(options, settings, policies).Live();
}

}  // namespace tidemark::week
