#include "tests/simulation/judge.h"

#include <algorithm>
#include <utility>

#include "services/sync/domain/etag.h"

namespace tidemark::simulation {

void Judge::Break(std::string law, std::string what) {
  if (!breach_) breach_ = Breach{std::move(law), std::move(what)};
}

void Judge::CheckMeansEqual(const CheckRequest& asked, const sync::CheckAnswer& answer) {
  const std::string told = sync::FormatEtag(answer.head);
  if (answer.not_modified == (asked.if_none_match == told)) return;
  Break("304 means equal", "asked " + asked.if_none_match + ", told " + told);
}

void Judge::CheckPage(const sync::SyncRequest& asked, const sync::SyncAnswer& answer) {
  if (!answer.page || answer.server_time == asked.last_sync) return;
  Break("the cursor stays until the last page", std::to_string(answer.server_time.value));
}

void Judge::CheckOrder(const std::string& what, const UserId& user, sync::Stamp told, CallId call) {
  if (told < asked_[call]) {
    Break("no answer is older than what was acknowledged",
          what + ", acknowledged was " + std::to_string(asked_[call].value));
  }
  Acknowledge(user, told);
}

void Judge::Acknowledge(const UserId& user, sync::Stamp stamp) {
  acknowledged_[user] = std::max(acknowledged_[user], stamp);
}

}  // namespace tidemark::simulation
