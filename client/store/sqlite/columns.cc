#include "client/store/sqlite/columns.h"

#include <cstdlib>

namespace tidemark::client {

std::optional<UnixMillis> ColumnReader::MaybeTime() {
  const std::optional<int64_t> number = MaybeNumber();
  if (!number) return std::nullopt;
  return UnixMillis{*number};
}

std::optional<bool> ColumnReader::MaybeFlag() {
  const std::optional<int64_t> number = MaybeNumber();
  if (!number) return std::nullopt;
  return *number != 0;
}

Fields ColumnReader::Fields() {
  client::Fields fields;
  fields.content = MaybeText();
  fields.completed = MaybeFlag();
  fields.pinned = MaybeFlag();
  fields.deleted_at = MaybeTime();
  return fields;
}

Row ColumnReader::Row() {
  client::Row row;
  row.id = TaskId(Text());
  row.version = {Number()};
  row.created_at = Time();
  row.updated_at = Time();
  row.deleted_at = Time();
  row.device = DeviceId(Text());
  row.content = Text();
  row.completed = Flag();
  row.pinned = Flag();
  return row;
}

ColumnWriter& ColumnWriter::Text(std::string_view text) {
  statement_.Bind(next_++, text);
  return *this;
}

ColumnWriter& ColumnWriter::Text(const std::optional<std::string>& text) {
  statement_.Bind(next_++, text);
  return *this;
}

ColumnWriter& ColumnWriter::Number(int64_t number) {
  statement_.Bind(next_++, number);
  return *this;
}

ColumnWriter& ColumnWriter::Number(const std::optional<int64_t>& number) {
  statement_.Bind(next_++, number);
  return *this;
}

ColumnWriter& ColumnWriter::Time(const std::optional<UnixMillis>& time) {
  return time ? Number(time->value) : Null();
}

ColumnWriter& ColumnWriter::Fields(const client::Fields& fields) {
  Text(fields.content);
  for (const std::optional<bool>& flag : {fields.completed, fields.pinned}) {
    if (flag) {
      Number(*flag ? 1 : 0);
    } else {
      Null();
    }
  }
  return Time(fields.deleted_at);
}

ColumnWriter& ColumnWriter::Row(const client::Row& row) {
  Text(row.id.value()).Number(row.version.value).Number(row.created_at.value).Number(row.updated_at.value);
  Number(row.deleted_at.value).Text(row.device.value()).Text(row.content);
  return Number(row.completed ? 1 : 0).Number(row.pinned ? 1 : 0);
}

std::string EncodeValue(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "1" : "0";
  return std::to_string(std::get<UnixMillis>(value).value);
}

FieldValue DecodeValue(Field field, const std::string& text) {
  switch (field) {
    case Field::kContent:
      return text;
    case Field::kCompleted:
    case Field::kPinned:
      return text == "1";
    case Field::kDeletedAt:
      break;
  }
  return UnixMillis{std::atoll(text.c_str())};
}

}  // namespace tidemark::client
