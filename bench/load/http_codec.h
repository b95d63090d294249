// Requests as our gateway takes them, and what the bench wants to know of its answers. Pure.
#pragma once

#include <string>

#include "bench/load/answer_reader.h"
#include "bench/load/exchange.h"

namespace tidemark::bench {

// `host`: the value of the Host header.
std::string EncodeHttp(const Ask& ask, const std::string& host);

// `answer` is complete. Bodies are searched, not parsed, so that the bench stays light: a text in a task
// cannot look like a member, as its quotes are escaped.
Reply DecodeHttp(const Ask& ask, const AnswerReader& answer);

}  // namespace tidemark::bench
