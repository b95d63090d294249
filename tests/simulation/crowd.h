// Users with their devices, and a network that loses, doubles, delays and reorders what they send. What is at
// the other end of it belongs to who holds the crowd:
//
//   Crowd crowd(laws, clock, serve, trace);   // `serve` starts a call…
//   crowd.Do(event);
//   crowd.Answered(call, answer);             // …which is answered some time later
//
// One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/clock/clock.h"
#include "tests/simulation/client_device.h"
#include "tests/simulation/device.h"
#include "tests/simulation/judge.h"
#include "tests/simulation/schedule.h"

namespace tidemark::simulation {

class Crowd {
 public:
  struct Person {
    std::string name;
    UserId user;
    std::unique_ptr<Device> device;
    // How wrong its clock is.
    int64_t skew = 0;
    // What it waits for.
    int64_t ticket = 0;
  };
  // `how`: which of the ways to serve it.
  using Serve = std::function<void(CallId call, const UserId& user, const Request& request, int64_t how)>;
  // Null: nobody reads it.
  using Trace = std::function<void(const UserId& user, const std::string& line)>;

  // `judge` and `clock` outlive this.
  Crowd(Judge& judge, const Clock& clock, Serve serve, Trace trace, MakeDisk make_disk = MakeMemoryDisk)
      : judge_(judge),
        clock_(clock),
        serve_(std::move(serve)),
        trace_(std::move(trace)),
        make_disk_(make_disk) {}

  // Who is there is drawn from `dice`. The user is "u1" for number 1.
  void AddUser(Dice& dice, int number);
  const std::vector<Person>& people() const { return people_; }
  // Chosen by a number that may be larger than there are.
  int PersonOf(int64_t which) const { return static_cast<int>(which % static_cast<int64_t>(people_.size())); }

  // An event of devices or of the network; any other is none of the crowd's.
  void Do(const Event& event);
  void Answered(CallId call, Answer answer);
  // Calls that are not answered yet.
  std::size_t served() const { return served_.size(); }
  const Request& RequestOf(CallId call) const { return served_.at(call).request; }
  bool HasAnswers() const { return !answers_.empty(); }

  // Asks what no device would: with an ETag that is newer than the cursor. No change must not move the
  // cursor.
  void Probe(int who, const std::string& etag, int64_t limit, int64_t how);
  // The person's next request, as of a device that wants to know all, with no network on its way.
  void SyncNow(int who, int64_t how);
  // Nothing pending, nothing waited for, not in the middle of a series.
  static bool IsQuiet(const Person& person);
  void HearAll();
  // Who was served meanwhile is never answered.
  void ServiceWasRestored();

 private:
  // A request on its way, or being served.
  struct Message {
    int64_t ticket = 0;
    int maker = 0;
    Request request;
  };
  struct Reply {
    int64_t ticket = 0;
    int maker = 0;
    Answer answer;
  };

  // Of devices.
  void Edit(int who, int64_t how);
  void Send(int who, int64_t how, bool calm);
  void GiveUp(int who);
  void Crash(int who);
  void Clone(int who);
  void Take(const Reply& reply);

  // Of the network.
  void Deliver(int64_t which, int64_t how, bool keep_copy);
  void LoseRequest(int64_t which);
  void HearAnswer(int64_t which, bool lost);
  void ForgetTicket(int64_t ticket);
  void Start(const Message& message, int64_t how);

  // The device's clock, unlike any time it or another has shown before.
  UnixMillis TimeOf(const Person& person);
  template <typename... Parts>
  void Tell(const UserId& user, const Parts&... parts);

  Judge& judge_;
  const Clock& clock_;
  const Serve serve_;
  const Trace trace_;
  const MakeDisk make_disk_;
  std::vector<Person> people_;
  std::map<CallId, Message> served_;
  std::vector<Message> requests_;
  std::vector<Reply> answers_;
  std::set<int64_t> used_times_;
  int64_t last_ticket_ = 0;
  CallId last_call_ = 0;
  int64_t last_content_ = 0;
};

}  // namespace tidemark::simulation
