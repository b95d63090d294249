#include "common/pg/statement_kind.h"

#include <regex>
#include <string>

namespace tidemark::pg {

bool Writes(std::string_view sql) {
  // Not `for update`, which only locks.
  static const std::regex write(R"(\b(insert\s+into|delete\s+from|update\s+\S+\s+(as\s+\S+\s+)?set)\b)",
                                std::regex::icase | std::regex::optimize);
  return std::regex_search(sql.begin(), sql.end(), write);
}

}  // namespace tidemark::pg
