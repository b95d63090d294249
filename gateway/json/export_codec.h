// GET /export: messages → JSON (SPEC 2).
//
//   {"exported_at":…,
//    "tasks":[{…}, …],                         every member of SPEC 3.1, deleted tasks included
//    "histories":[{"id":"…","history":[…]}, …]}   as GET /tasks/{id}/history, also of tasks that are purged
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "gateway/json/writer.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// The parts of an export as one document. They come tasks first, then histories; one that goes on in the next
// part becomes one.
class ExportEncoder {
 public:
  explicit ExportEncoder(UnixMillis exported_at);

  // What can be sent once `part` has come, in order.
  std::string Add(const v1::ExportResponse& part);
  // The rest. INTERNAL: a task came after the histories, so that the document does not hold it.
  absl::StatusOr<std::string> Finish();

 private:
  void BeginHistories();
  void AddHistory(const v1::GetHistoryResponse& history);
  void EndHistory();

  JsonWriter json_;
  bool in_histories_ = false;
  bool out_of_order_ = false;
  // The task whose history is being written, if one is.
  std::optional<std::string> open_history_;
};

}  // namespace tidemark::gateway
