// Answers that are encoded while their parts arrive.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/log/log.h"
#include "common/rpc/client_stream.h"
#include "gateway/http/exchange.h"
#include "gateway/http/json_response.h"

namespace tidemark::gateway {

// Until the last part is sent.
template <typename Part, typename Encoder>
struct StreamedAnswer {
  Origin origin;
  std::unique_ptr<rpc::StreamReader<Part>> reader;
  Encoder encoder;
  // Nothing: the stream has ended.
  std::optional<Part> part;
};

template <typename Part, typename Encoder>
Task<absl::Status> SendParts(std::shared_ptr<StreamedAnswer<Part, Encoder>> answer,
                             http::BodyWriter& writer) {
  writer.WhenGone([&reader = *answer->reader] { reader.Cancel(); });
  while (answer->part) {
    std::string piece = answer->encoder.Add(*answer->part);
    absl::Status sent = co_await writer.Write(std::move(piece));
    if (!sent.ok()) co_return sent;
    absl::StatusOr<std::optional<Part>> next = co_await answer->reader->Read();
    if (!next.ok()) co_return next.status();
    answer->part = *std::move(next);
  }
  absl::StatusOr<std::string> rest = answer->encoder.Finish();
  if (!rest.ok()) co_return rest.status();
  co_return co_await writer.Write(*std::move(rest));
}

// As SendParts. The client sees its answer end too early; the log tells why.
template <typename Part, typename Encoder>
Task<absl::Status> SendPartsOrLog(std::shared_ptr<StreamedAnswer<Part, Encoder>> answer,
                                  http::BodyWriter& writer) {
  absl::Status sent = co_await SendParts(answer, writer);
  if (!sent.ok() && !absl::IsCancelled(sent)) {
    log::Warning("answer_broke_off", {{"status", sent.ToString()}}, answer->origin);
  }
  co_return sent;
}

// Waits for the first part, so that an error before it is still a problem. `encoder` has Add(part), the text
// that can be sent now, and Finish(), the rest, or why the parts were not a whole answer.
template <typename Part, typename Encoder>
Task<absl::StatusOr<http::Response>> StreamJson(Exchange& exchange,
                                                std::unique_ptr<rpc::StreamReader<Part>> reader,
                                                Encoder encoder) {
  absl::StatusOr<std::optional<Part>> first = co_await reader->Read();
  exchange.call.trailers = reader->trailers();
  if (!first.ok()) co_return first.status();
  auto answer = std::make_shared<StreamedAnswer<Part, Encoder>>(StreamedAnswer<Part, Encoder>{
      exchange.call.origin, std::move(reader), std::move(encoder), *std::move(first)});
  http::Response response = JsonResponse(200, "");
  response.stream = [answer](http::BodyWriter& writer) { return SendPartsOrLog(answer, writer); };
  co_return response;
}

}  // namespace tidemark::gateway
