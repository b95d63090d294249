// A request and its answer, as far as the bench is concerned with them, whatever carries them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/users/device.h"

namespace tidemark::bench {

enum class Rpc { kCheck, kSync, kLogin };

struct Ask {
  Rpc rpc = Rpc::kCheck;
  // Of the users file.
  std::string_view user = {};
  std::string_view token = {};

  // Of a check.
  std::string if_none_match = {};

  // Of a sync.
  std::string device = {};
  std::string_view epoch = {};
  int64_t cursor = 0;
  int64_t acked = 0;
  int64_t limit = 0;
  std::string page = {};
  std::vector<Edit> edits = {};
  // Of the edits, by the device's clock.
  int64_t updated_at = 0;
};

struct Reply {
  bool ok = false;
  // What is shown of an unexpected one: status and code.
  std::string told = {};

  // Of a check; a sync has an etag too.
  bool not_modified = false;
  std::string etag = {};

  // Of a sync. False: something was rejected or deferred, or the device is to start over.
  bool complete = false;
  int64_t tasks = 0;
  bool has_more = false;
  std::string page = {};

  // As they were on the wire; of gRPC, the messages alone.
  int64_t bytes_sent = 0;
  int64_t bytes_received = 0;
  int64_t body_bytes = 0;
};

}  // namespace tidemark::bench
