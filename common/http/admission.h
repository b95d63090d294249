// Who gets one of a server's connections.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

namespace tidemark::http {

// Beyond the bounds so many connections at the same time are told so; further ones are closed.
inline constexpr int kTurnedAwayMax = 64;

// Not thread-safe.
class Admission {
 public:
  struct Bounds {
    int connections_max = 0;
    // Of one IPv4 address, or of one /64 network of IPv6, which is what a household gets.
    int per_address_max = 0;
    // True: many clients come from this address, so the bound above is not for it. Null: from none.
    std::function<bool(const std::string& address)> is_shared = nullptr;
  };
  enum class Place { kServed, kTurnedAway, kNone };

  explicit Admission(Bounds bounds);

  // The place of one more connection. For each but kNone, Leave follows.
  Place Enter(const std::string& address);
  void Leave(Place place, const std::string& address);

  // With those that are turned away.
  int connections() const { return served_ + turned_away_; }

 private:
  bool HasRoomFor(const std::string& address) const;

  const Bounds bounds_;
  int served_ = 0;
  int turned_away_ = 0;
  // By address or network; without those that have none.
  std::unordered_map<std::string, int> by_network_;
};

}  // namespace tidemark::http
