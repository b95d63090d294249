#include "common/http/response_head.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tidemark::http {
namespace {

bool StatusHasBody(int status) { return status != 204 && status != 304; }

bool IsOurs(const std::string& name) {
  return absl::EqualsIgnoreCase(name, "Date") || absl::EqualsIgnoreCase(name, "Content-Length") ||
         absl::EqualsIgnoreCase(name, "Connection") || absl::EqualsIgnoreCase(name, "Transfer-Encoding");
}

void AppendField(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  const size_t start = head.size();
  head.append(value);
  std::replace_if(
      head.begin() + static_cast<std::ptrdiff_t>(start), head.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  head.append("\r\n");
}

// Formatting a date costs more than the rest of the head, and it changes once a second.
const std::string& HttpDate(absl::Time now) {
  thread_local int64_t second = -1;
  thread_local std::string date;
  if (const int64_t current = absl::ToUnixSeconds(now); current != second) {
    second = current;
    date = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return date;
}

}  // namespace

bool HasBody(const Response& response, const Framing& framing) {
  return !framing.is_head && StatusHasBody(response.status);
}

std::string FormatHead(const Response& response, const Framing& framing, absl::Time now) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  std::string head = absl::StrCat("HTTP/1.1 ", response.status, " ",
                                  absl::string_view(reason.data(), reason.size()), "\r\n");
  AppendField(head, "Date", HttpDate(now));
  for (const auto& [name, value] : response.headers.all()) {
    if (!IsOurs(name)) AppendField(head, name, value);
  }
  if (response.stream != nullptr) {
    if (HasBody(response, framing) && !framing.is_old) AppendField(head, "Transfer-Encoding", "chunked");
  } else if (StatusHasBody(response.status)) {
    AppendField(head, "Content-Length", absl::StrCat(response.body.size()));
  }
  if (!framing.keep_alive) {
    AppendField(head, "Connection", "close");
  } else if (framing.is_old) {
    AppendField(head, "Connection", "keep-alive");
  }
  head.append("\r\n");
  return head;
}

}  // namespace tidemark::http
