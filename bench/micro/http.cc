// HTTP without a socket: a request's bytes to a Request, a Response to its head.
#include <benchmark/benchmark.h>

#include <boost/asio/buffer.hpp>
#include <string>

#include "common/http/request_reader.h"
#include "common/http/response_head.h"

namespace tidemark::http {
namespace {

// With a token of the usual length.
std::string CheckRequest() {
  return "GET /sync/check HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nIf-None-Match: \"1000-1735689700000-2039\"\r\n"
         "Authorization: Bearer " +
         std::string(420, 'a') + "\r\n\r\n";
}

std::string PushRequest(size_t body_bytes) {
  return "POST /sync HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\nAuthorization: "
         "Bearer " +
         std::string(420, 'a') + "\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n\r\n" +
         std::string(body_bytes, ' ');
}

void ReadRequest(benchmark::State& state, const std::string& bytes) {
  const ServerOptions options;
  boost::beast::flat_buffer buffer;
  for (auto _ : state) {
    buffer.commit(boost::asio::buffer_copy(buffer.prepare(bytes.size()), boost::asio::buffer(bytes)));
    RequestReader reader(options);
    if (reader.Feed(buffer) != RequestReader::State::kDone) {
      state.SkipWithError("a whole request was not read");
      break;
    }
    Request request = reader.Take("127.0.0.1");
    benchmark::DoNotOptimize(request);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(ReadRequest, Check, CheckRequest());
BENCHMARK_CAPTURE(ReadRequest, PushOf16KiB, PushRequest(16 << 10));

void FormatNotModified(benchmark::State& state) {
  Response response{.status = 304};
  response.headers.Set("ETag", "\"1000-1735689700000-2039\"");
  response.headers.Set("Cache-Control", "private, no-cache");
  response.headers.Set("X-Request-Id", "3b260e62d58c6a61");
  response.headers.Set("RateLimit", "\"check\";r=99999;t=1");
  response.headers.Set("RateLimit-Policy", "\"check\";q=100000;w=1000");
  const absl::Time now = absl::FromUnixSeconds(1'735'689'600);
  for (auto _ : state) {
    std::string head = FormatHead(response, {}, now);
    benchmark::DoNotOptimize(head);
  }
}
BENCHMARK(FormatNotModified);

}  // namespace
}  // namespace tidemark::http
