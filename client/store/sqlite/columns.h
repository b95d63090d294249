// How values of the domain stand in columns.
#pragma once

#include <optional>
#include <string>

#include "client/domain/protocol.h"
#include "client/domain/task_state.h"
#include "client/store/sqlite/sqlite.h"

namespace tidemark::client {

// Takes columns, or binds parameters, one after the other.
class ColumnReader {
 public:
  explicit ColumnReader(const Statement& row, int first = 0) : row_(row), next_(first) {}

  int64_t Number() { return row_.Number(next_++); }
  bool Flag() { return Number() != 0; }
  UnixMillis Time() { return {Number()}; }
  std::string Text() { return row_.Text(next_++); }
  std::optional<std::string> MaybeText() { return row_.MaybeText(next_++); }
  std::optional<int64_t> MaybeNumber() { return row_.MaybeNumber(next_++); }
  std::optional<UnixMillis> MaybeTime();
  std::optional<bool> MaybeFlag();
  client::Fields Fields();
  // id, version, created_at, updated_at, deleted_at, device_id, content, completed, pinned
  client::Row Row();

 private:
  const Statement& row_;
  int next_;
};

class ColumnWriter {
 public:
  explicit ColumnWriter(Statement& statement) : statement_(statement) {}

  ColumnWriter& Text(std::string_view text);
  ColumnWriter& Text(const std::string& text) { return Text(std::string_view(text)); }
  ColumnWriter& Text(const std::optional<std::string>& text);
  ColumnWriter& Number(int64_t number);
  ColumnWriter& Number(const std::optional<int64_t>& number);
  ColumnWriter& Time(const std::optional<UnixMillis>& time);
  ColumnWriter& Null() { return Number(std::optional<int64_t>()); }
  ColumnWriter& Fields(const client::Fields& fields);
  ColumnWriter& Row(const client::Row& row);
  void Run() { statement_.Run(); }

 private:
  Statement& statement_;
  int next_ = 1;
};

// A field's value as text.
std::string EncodeValue(const FieldValue& value);
FieldValue DecodeValue(Field field, const std::string& text);

}  // namespace tidemark::client
