// The cells of a large result. A pqxx::field counts references to its result, which takes longer than to read
// most of them.
//
//   pg::Cells cells(rows);
//   for (int row = 0; row < cells.rows(); ++row) Use(cells.Text(row, 0), cells.Integer(row, 1));
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string_view>

namespace tidemark::pg {

// Rows and columns from 0. A null reads as an empty text, and as 0.
class Cells {
 public:
  // `result` outlives this, and what Text returns.
  explicit Cells(const pqxx::result& result);

  int rows() const;
  std::string_view Text(int row, int column) const;
  int64_t Integer(int row, int column) const;
  bool Flag(int row, int column) const;

 private:
  // libpq's PGresult; null: no rows.
  const void* result_;
};

// As PostgreSQL writes a bigint; 0 if it is none.
int64_t ParseInteger(std::string_view text);

}  // namespace tidemark::pg
