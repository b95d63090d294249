#include "common/redis/server_address.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tidemark::redis {
namespace {

bool IsNumber(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

// boost reads "host:65x" as port 65 and path "x".
bool IsAbsolute(const std::string& path) { return path.empty() || path.front() == '/'; }

// "[::1]" → "::1".
std::string Host(const boost::urls::url_view& url) {
  return url.host_type() == boost::urls::host_type::ipv6 ? url.host_address() : url.host();
}

}  // namespace

absl::StatusOr<ServerAddress> ParseServerAddress(std::string_view text) {
  const boost::urls::result<boost::urls::url_view> url = boost::urls::parse_uri(text);
  if (!url.has_value() || url->scheme() != "redis" || url->host().empty() || !IsAbsolute(url->path())) {
    return absl::InvalidArgumentError("a Redis URL is redis://[:password@]host:port[/database]");
  }
  ServerAddress address{.host = Host(*url)};
  if (!url->port().empty()) address.port = url->port();
  address.password = url->password();
  address.database = url->path().empty() ? "" : url->path().substr(1);
  if (!IsNumber(address.database)) {
    return absl::InvalidArgumentError("the database of a Redis URL is a number, not " + address.database);
  }
  return address;
}

}  // namespace tidemark::redis
