// On whose behalf something is done: what travels with a request through all processes, and stands in each
// log line that is written because of it.
//
//   const Origin origin = OriginOf(headers.Get("X-Request-Id").value_or(""), traceparent);
//   log::Warning("answer_broke_off", {{"status", status.ToString()}}, origin);
#pragma once

#include <string>
#include <string_view>

#include "common/origin/span.h"

namespace tidemark {

// By default nobody's: what a process does by itself.
struct Origin {
  // One name for the request in the logs and answers of every process it crosses.
  std::string request_id = {};
  // This process' own.
  Span span = {};
};

// Of a request that came with these; empty: without. The request id is `request_id` if that is 1–128 visible
// ASCII characters, otherwise a new one: 16 random hex digits, because it travels with every 304. The span is
// SpanFrom(traceparent).
Origin OriginOf(std::string_view request_id, std::string_view traceparent);

}  // namespace tidemark
