// POST /v1/sync: JSON ↔ messages (SPEC 4).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/json/writer.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// A change is a full task; every change comes out with deleted_at set, 0 for a live one.
// malformed_json, bad_type, too_many_changes, validation (a change that is not full).
absl::StatusOr<v1::SyncV1Request> DecodeSyncV1Request(std::string_view body);

// The answer's parts as one document; every task carries every member.
//
//   SyncV1Encoder encoder;
//   send(encoder.Add(part)); …; send(*encoder.Finish());
class SyncV1Encoder {
 public:
  SyncV1Encoder();

  // What can be sent once `part` has come, in order. Conflicts are kept for the end.
  std::string Add(const v1::SyncV1Response& part);
  // The rest. INTERNAL: the parts are not a whole answer, because none had a server_time.
  absl::StatusOr<std::string> Finish();

 private:
  JsonWriter json_;
  // What comes after the updates.
  v1::SyncV1Response rest_;
};

}  // namespace tidemark::gateway
