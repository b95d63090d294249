#include "gateway/json/export_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {

ExportEncoder::ExportEncoder(UnixMillis exported_at) {
  json_.BeginObject().Key("exported_at").Integer(exported_at.value).Key(kExportTasks.Name()).BeginArray();
}

std::string ExportEncoder::Add(const v1::ExportResponse& part) {
  if (in_histories_ && part.tasks_size() > 0) out_of_order_ = true;
  if (out_of_order_) return "";
  for (const v1::Task& task : part.tasks()) WriteObject(json_, kFullTask, task);
  for (const v1::GetHistoryResponse& history : part.histories()) AddHistory(history);
  return json_.TakePiece();
}

absl::StatusOr<std::string> ExportEncoder::Finish() {
  if (out_of_order_) return absl::InternalError("an export's task came after its histories");
  BeginHistories();
  EndHistory();
  json_.EndArray().EndObject();
  return json_.TakePiece();
}

void ExportEncoder::BeginHistories() {
  if (in_histories_) return;
  in_histories_ = true;
  json_.EndArray().Key(kExportHistories.Name()).BeginArray();
}

void ExportEncoder::AddHistory(const v1::GetHistoryResponse& history) {
  BeginHistories();
  if (history.id() != open_history_) {
    EndHistory();
    open_history_ = history.id();
    json_.BeginObject();
    kHistoryId.Write(json_, history);
    json_.Key(kHistoryEntries.Name()).BeginArray();
  }
  for (const v1::HistoryEntry& entry : history.history()) WriteMessage(json_, entry);
}

void ExportEncoder::EndHistory() {
  if (!open_history_) return;
  open_history_.reset();
  json_.EndArray().EndObject();
}

}  // namespace tidemark::gateway
