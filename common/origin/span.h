// Where in a trace a process answers a request, as W3C Trace Context has it (docs/tracing.md).
//
//   const Span span = SpanFrom(headers.Get("traceparent").value_or(""));   // one of its own, below the
//   caller's context.AddMetadata("traceparent", Traceparent(span));                 // whoever is called goes
//   below it
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

// One for all that happens because of one request. 0: none.
struct TraceId {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const TraceId&) const = default;
};

// One for what one process does about it. 0: none.
struct SpanId {
  uint64_t value = 0;
  bool operator==(const SpanId&) const = default;
};

struct Span {
  TraceId trace = {};
  SpanId id = {};
  // The caller's. None: the trace begins here.
  SpanId parent = {};
  // Somebody keeps the trace. Told on as it came.
  bool sampled = false;

  bool exists() const { return id != SpanId(); }
};

// A new span in the trace that `traceparent` names; in a new trace if it is no valid traceparent. A later
// version than ours (00) is read as far as it is known.
Span SpanFrom(std::string_view traceparent);

// What is sent to those who are called on behalf of `span`, which exists. Version 00.
std::string Traceparent(const Span& span);

// Random.
SpanId NewSpanId();

// Lower case.
std::array<char, 32> Hex(TraceId id);
std::array<char, 16> Hex(SpanId id);

}  // namespace tidemark
