// Which addresses a service has, as replicas come and go.
//
//   std::unique_ptr<rpc::AddressFeed> feed = rpc::NewAddressFeed("tidemark-sync:50051");
//   feed->Follow([](const std::vector<std::string>& addresses) { … });
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tidemark::rpc {

class AddressFeed {
 public:
  using Addresses = std::vector<std::string>;
  // One at a time, from any thread. Not to block.
  using Told = std::function<void(const Addresses&)>;

  // Nothing is told any more.
  virtual ~AddressFeed() = default;
  // Tells the addresses as soon as they are known, and whenever they have changed. Once.
  virtual void Follow(Told told) = 0;
  // One of them was lost: they may have changed. Thread-safe, and does not block.
  virtual void LookAgain() = 0;
};

struct LookUpOptions {
  // All addresses of a name. May block.
  std::function<absl::StatusOr<AddressFeed::Addresses>()> look_up;
  // For the log.
  std::string name;
  // From one look to the next.
  absl::Duration pause = absl::Seconds(5);
  // The same when somebody asks for it.
  absl::Duration pause_min = absl::Seconds(1);
};

// Looks again and again, on a thread of its own. A look that fails changes nothing: what could be reached can
// mostly still be.
std::unique_ptr<AddressFeed> NewLookUpFeed(LookUpOptions options);

// Of what a setting says (target.h): the addresses that are written out, or those that a name has. Tells
// nothing where gRPC alone can look the name up.
std::unique_ptr<AddressFeed> NewAddressFeed(const std::string& addresses);

}  // namespace tidemark::rpc
