// The status line and the headers of an answer, as bytes.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/http/server.h"

namespace tidemark::http {

// What the request says about the form of its answer.
struct Framing {
  bool is_head = false;
  // HTTP/1.0, where keeping a connection must be said.
  bool is_old = false;
  bool keep_alive = true;
};

// False: the answer has no body, whatever `response` holds.
bool HasBody(const Response& response, const Framing& framing);

// Values cannot break out of their line: CR, LF and NUL become spaces.
std::string FormatHead(const Response& response, const Framing& framing, absl::Time now);

}  // namespace tidemark::http
