// Some of the people, with their devices and the replica that serves them: one event after another, in the
// order of virtual time. Lanes share no person, so they may be at different times.
//
//   lane.BeginDay(midnight);
//   lane.RunUntil(end);                  // as far as all that is due before `end`
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "bench/fleet_day/counts.h"
#include "bench/fleet_day/device.h"
#include "bench/fleet_day/edit_book.h"
#include "bench/fleet_day/people.h"
#include "bench/fleet_day/services.h"
#include "bench/fleet_day/transport.h"

namespace tidemark::fleet {

// Not thread-safe.
class Lane {
 public:
  // Takes every `of`-th person from `place` on. All outlive this.
  Lane(const Settings& settings, const Scenario& scenario, const Crowd& crowd, Services& services, int place,
       int of);

  // Each device is heard of once, at some time of the week before `until`: so that a service that has just
  // been started knows what one knows that has run for long (SPEC 3.6, decision 16).
  void HearOfAll(UnixMillis until);

  // What people will do in the day that begins then.
  void BeginDay(UnixMillis midnight);
  // When the next event is due.
  std::optional<UnixMillis> NextAt();
  // The next event.
  void Step();
  // All that is due before `end`.
  void RunUntil(UnixMillis end);

  // Has every device send and pull until it has all and all is there, from `begin` on.
  void BringToRest(UnixMillis begin);

  LaneCounts counts() const;
  std::vector<UnixMillis> TakeLetIn() { return transport_.TakeLetIn(); }

  // For who asks at the end.
  struct Life {
    const Person* person = nullptr;
    PersonsEdits edits;
    std::vector<std::unique_ptr<Device>> devices;
  };
  const std::vector<Life>& lives() const { return lives_; }

 private:
  struct Act {
    UnixMillis at;
    // Of those at one time, the first one planned comes first.
    int64_t order = 0;
    std::size_t life = 0;
    int device = 0;
    week::Doing what = week::Doing::kStarts;
  };
  // A device's schedule had something due then.
  struct Wake {
    UnixMillis at;
    std::size_t life = 0;
    int device = 0;
    auto operator<=>(const Wake&) const = default;
  };

  void Do(const Act& act);
  void Wakes(const Wake& wake);
  void Note(const Person& person, const RunOutcome& outcome);
  // After anything that happened to the device.
  void Plan(std::size_t life, int device);
  void Settle(Device& device);
  Line LineOf(const Person& person);
  // Drops wakes that are not true any more.
  const Wake* NextWake();

  const Settings& settings_;
  const Scenario& scenario_;
  const Crowd& crowd_;
  Replica replica_;
  Transport transport_{replica_};
  client::Gate gate_{""};
  std::vector<Life> lives_;
  std::vector<Act> acts_;
  std::size_t next_act_ = 0;
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes_;
  LaneCounts counts_;
};

}  // namespace tidemark::fleet
