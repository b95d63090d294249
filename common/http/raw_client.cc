#include "common/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tidemark::http {
namespace {

constexpr timeval kTimeout{.tv_sec = 10, .tv_usec = 0};

// Cuts the next line off `text`, without its end.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

Response ParseHead(std::string_view head) {
  Response response;
  const std::string status(TakeLine(head).substr(9, 3));
  if (!absl::SimpleAtoi(status, &response.status)) response.status = 0;
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    const size_t colon = line.find(": ");
    if (colon != std::string_view::npos)
      response.headers.Append(line.substr(0, colon), line.substr(colon + 2));
  }
  return response;
}

size_t BodySize(const Response& response) {
  size_t size = 0;
  const std::string length(response.headers.Get("Content-Length").value_or("0"));
  return absl::SimpleAtoi(length, &size) ? size : 0;
}

}  // namespace

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof(kTimeout));
  ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

void RawClient::Reset() {
  constexpr linger kAtOnce{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof(kAtOnce));
  ::close(std::exchange(socket_, -1));
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::optional<Response> RawClient::Read(bool has_body) {
  const std::optional<std::string> head = Take("\r\n\r\n");
  if (!head) return std::nullopt;
  Response response = ParseHead(std::string_view(*head).substr(0, head->size() - 2));
  const size_t body_size = has_body ? BodySize(response) : 0;
  while (received_.size() < body_size) {
    if (!Fill()) return std::nullopt;
  }
  response.body = received_.substr(0, body_size);
  received_.erase(0, body_size);
  return response;
}

std::optional<Response> RawClient::Ask(std::string_view method, std::string_view target,
                                       std::string_view headers, std::string_view body) {
  std::string request(method);
  request.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
  if (!body.empty()) request.append(absl::StrCat("Content-Length: ", body.size(), "\r\n"));
  request.append("\r\n").append(body);
  Send(request);
  return Read(method != "HEAD");
}

std::optional<std::string> RawClient::ReadChunk() {
  const std::optional<std::string> line = Take("\r\n");
  size_t size = 0;
  if (!line || !absl::SimpleHexAtoi(line->substr(0, line->size() - 2), &size)) return std::nullopt;
  while (received_.size() < size + 2) {
    if (!Fill()) return std::nullopt;
  }
  std::string chunk = received_.substr(0, size);
  received_.erase(0, size + 2);
  return chunk;
}

std::optional<std::string> RawClient::ReadToEnd() {
  while (Fill()) {
  }
  if (errno == EAGAIN) return std::nullopt;
  return std::exchange(received_, "");
}

bool RawClient::ReadsEnd() {
  char byte;
  return received_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
}

std::optional<std::string> RawClient::Take(std::string_view end) {
  size_t found;
  while ((found = received_.find(end)) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  std::string taken = received_.substr(0, found + end.size());
  received_.erase(0, taken.size());
  return taken;
}

bool RawClient::Fill() {
  char bytes[16 * 1024];
  errno = 0;
  const ssize_t count = ::recv(socket_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  received_.append(bytes, static_cast<size_t>(count));
  return true;
}

}  // namespace tidemark::http
