// What one user's clients meet: the service's limits and its suggestions, by the service's own arithmetic
// (services/ratelimit/domain, services/sync/domain/poll.h). Tasks are counted, not kept.
#pragma once

#include <map>
#include <string>

#include "client/domain/schedule/event.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "services/ratelimit/domain/bucket.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::week {

struct RunRequest {
  DeviceId device;
  // The state that the device holds; empty: none.
  std::string etag;
  int edits = 0;
  // Asks by a check first, as a client with nothing to push does unless a stream told it of news.
  bool checks = true;
  bool has_stream = false;
};

class LimitedServer {
 public:
  // `policies` outlive it. `changed`: when the user last edited a task.
  LimitedServer(const ratelimit::PolicySet& policies, UserId user, UnixMillis changed);

  // One run of requests, as the engine of a client makes them: how it ended.
  client::Event Run(const RunRequest& request, UnixMillis now);
  client::Event RunV1(const RunRequest& request, UnixMillis now);
  // Opening a stream takes a token of `check`. False: there is none.
  bool OpensStream(UnixMillis now);

  std::string etag() const;

 private:
  ratelimit::Decision Take(const std::string& policy, UnixMillis now);
  void Store(int edits, UnixMillis now);

  const ratelimit::PolicySet& policies_;
  const UserId user_;
  std::map<std::string, ratelimit::Bucket> buckets_;
  UnixMillis high_water_;
  int64_t version_sum_ = 1;
};

}  // namespace tidemark::week
