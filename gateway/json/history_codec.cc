#include "gateway/json/history_codec.h"

#include "gateway/json/task_codec.h"

namespace tidemark::gateway {
namespace {

std::string_view ReasonName(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_CONFLICT:
      return "conflict";
    case v1::REASON_DELETED:
      return "deleted";
    default:
      return "overwritten";
  }
}

void WriteEntry(JsonWriter& json, const v1::HistoryEntry& entry) {
  json.BeginObject().Key("field").Text(NameOf(entry.field())).Key("value");
  WriteValue(json, entry.value());
  json.Key("version").Integer(entry.version()).Key("updated_at").Integer(entry.updated_at());
  json.Key("device_id").Text(entry.device_id()).Key("at").Integer(entry.at());
  json.Key("reason").Text(ReasonName(entry.reason())).EndObject();
}

}  // namespace

void WriteHistoryEntries(JsonWriter& json, const v1::GetHistoryResponse& response) {
  for (const v1::HistoryEntry& entry : response.history()) WriteEntry(json, entry);
}

std::string EncodeHistory(const v1::GetHistoryResponse& response) {
  JsonWriter json;
  json.BeginObject().Key("id").Text(response.id()).Key("history").BeginArray();
  WriteHistoryEntries(json, response);
  json.EndArray().EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
