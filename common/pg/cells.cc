#include "common/pg/cells.h"

#include <libpq-fe.h>

#include <charconv>
#include <memory>

namespace tidemark::pg {
namespace {

// As in session.cc: lends us the member that holds libpq's result.
using Data = std::shared_ptr<const pqxx::internal::pq::PGresult> pqxx::result::*;
Data BorrowedData();
template <Data kMember>
struct Lender {
  friend Data BorrowedData() { return kMember; }
};
template struct Lender<&pqxx::result::m_data>;

const PGresult* Raw(const void* result) { return static_cast<const PGresult*>(result); }

}  // namespace

Cells::Cells(const pqxx::result& result) : result_((result.*BorrowedData()).get()) {}

int Cells::rows() const { return PQntuples(Raw(result_)); }

std::string_view Cells::Text(int row, int column) const {
  return {PQgetvalue(Raw(result_), row, column), static_cast<size_t>(PQgetlength(Raw(result_), row, column))};
}

int64_t Cells::Integer(int row, int column) const { return ParseInteger(Text(row, column)); }

bool Cells::Flag(int row, int column) const { return PQgetvalue(Raw(result_), row, column)[0] == 't'; }

int64_t ParseInteger(std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace tidemark::pg
