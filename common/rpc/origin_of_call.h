// On whose behalf a call is, by its metadata: the same for all in this process who ask.
#pragma once

#include <grpcpp/support/string_ref.h>

#include <map>

#include "common/origin/origin.h"

namespace tidemark::rpc {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// What was settled, as it is for every call that is observed (call_observer.h). Without an observer, as in
// tests, by what the caller sent, and another span each time. More than one traceparent is none.
Origin OriginOfCall(const Metadata& metadata);

// An origin for a call that was not begun. gRPC has no place of ours beside a call that whoever observes it
// and its handler share, but for the metadata.
class SettledOrigin {
 public:
  SettledOrigin();
  SettledOrigin(const SettledOrigin&) = delete;
  SettledOrigin& operator=(const SettledOrigin&) = delete;

  // From now on OriginOfCall(metadata) is origin(). This outlives `metadata`.
  void Settle(Metadata& metadata);

  const Origin& origin() const { return origin_; }

 private:
  Origin origin_;
};

}  // namespace tidemark::rpc
