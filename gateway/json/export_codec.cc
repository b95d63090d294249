#include "gateway/json/export_codec.h"

#include "gateway/json/history_codec.h"
#include "gateway/json/task_codec.h"

namespace tidemark::gateway {

ExportEncoder::ExportEncoder(UnixMillis exported_at) {
  json_.BeginObject().Key("exported_at").Integer(exported_at.value).Key("tasks").BeginArray();
}

std::string ExportEncoder::Add(const v1::ExportResponse& part) {
  if (in_histories_ && part.tasks_size() > 0) out_of_order_ = true;
  if (out_of_order_) return "";
  for (const v1::Task& task : part.tasks()) WriteFullTask(json_, task);
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
  json_.EndArray().Key("histories").BeginArray();
}

void ExportEncoder::AddHistory(const v1::GetHistoryResponse& history) {
  BeginHistories();
  if (history.id() != open_history_) {
    EndHistory();
    open_history_ = history.id();
    json_.BeginObject().Key("id").Text(history.id()).Key("history").BeginArray();
  }
  WriteHistoryEntries(json_, history);
}

void ExportEncoder::EndHistory() {
  if (open_history_.empty()) return;
  open_history_.clear();
  json_.EndArray().EndObject();
}

}  // namespace tidemark::gateway
