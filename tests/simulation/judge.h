// What is judged of answers alone. Laws sees every commit besides; OutsideLaws sees none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/device.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

// Which law was broken, and how.
struct Breach {
  std::string law;
  std::string what;
};

class Judge {
 public:
  virtual ~Judge() = default;

  const std::optional<Breach>& breach() const { return breach_; }
  // The first one stands.
  void Break(std::string law, std::string what);

  // `maker` sends edits for the first time.
  virtual void Sent(int maker, const UserId& user, const std::vector<SentEdit>& edits) = 0;
  void Asked(CallId call, const UserId& user) { asked_[call] = acknowledged_[user]; }
  // Before the device hears of it.
  virtual void Answered(CallId call, const UserId& user, const Request& request, const Answer& answer) = 0;
  // The device's series has ended.
  virtual void EndedSeries(const std::string& name, const UserId& user, const Memory& memory) = 0;

  // Whoever asks from now on is told nothing older.
  sync::Stamp acknowledged(const UserId& user) { return acknowledged_[user]; }

 protected:
  void CheckMeansEqual(const CheckRequest& asked, const sync::CheckAnswer& answer);
  void CheckPage(const sync::SyncRequest& asked, const sync::SyncAnswer& answer);
  // `call` was answered from a state with the stamp `told`. Acknowledges it.
  void CheckOrder(const std::string& what, const UserId& user, sync::Stamp told, CallId call);
  void Acknowledge(const UserId& user, sync::Stamp stamp);
  void ForgetAcknowledged() { acknowledged_.clear(); }

 private:
  std::map<UserId, sync::Stamp> acknowledged_;
  // What was acknowledged when the call was sent.
  std::map<CallId, sync::Stamp> asked_;
  std::optional<Breach> breach_;
};

}  // namespace tidemark::simulation
