#include "gateway/http/content_coding.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/async/event_loops.h"
#include "common/gzip/gzip.h"

namespace tidemark::gateway {
namespace {

constexpr size_t kWorthBytes = 1024;
// Of a body, compressed at one go: about a millisecond.
constexpr size_t kPieceBytes = size_t{64} * 1024;

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// 0 for what is no weight: then the coding is not wanted.
double WeightOf(absl::string_view parameter) {
  parameter = absl::StripAsciiWhitespace(parameter);
  double weight = 0;
  const bool is_weight = absl::StartsWithIgnoreCase(parameter, "q=") &&
                         absl::SimpleAtod(parameter.substr(2), &weight) && weight >= 0 && weight <= 1;
  return is_weight ? weight : 0;
}

struct CodingWeights {
  std::optional<double> gzip;
  std::optional<double> identity;
  std::optional<double> others;
};

CodingWeights WeightsOf(std::string_view accept_encoding) {
  CodingWeights weights;
  for (const absl::string_view item : absl::StrSplit(Absl(accept_encoding), ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits(';', 1));
    const absl::string_view coding = absl::StripAsciiWhitespace(parts.first);
    const double weight = parts.second.empty() ? 1 : WeightOf(parts.second);
    if (absl::EqualsIgnoreCase(coding, "gzip") || absl::EqualsIgnoreCase(coding, "x-gzip"))
      weights.gzip = weight;
    if (absl::EqualsIgnoreCase(coding, "identity")) weights.identity = weight;
    if (coding == "*") weights.others = weight;
  }
  return weights;
}

class GzipWriter final : public http::BodyWriter {
 public:
  explicit GzipWriter(http::BodyWriter& to) : to_(to), encoder_(kGzipFast) {}

  Task<absl::Status> Write(std::string piece) override { co_return co_await to_.Write(encoder_.Add(piece)); }
  Task<absl::Status> Finish() { co_return co_await to_.Write(encoder_.Finish()); }
  void WhenGone(std::function<void()> gone) override { to_.WhenGone(std::move(gone)); }
  void WhenDraining(std::function<void()> draining) override { to_.WhenDraining(std::move(draining)); }

 private:
  http::BodyWriter& to_;
  GzipEncoder encoder_;
};

// The stream is held by the response until its task has ended.
Task<absl::Status> StreamGzipped(const http::BodyStream& stream, http::BodyWriter& to) {
  GzipWriter writer(to);
  absl::Status streamed = co_await stream(writer);
  if (!streamed.ok()) co_return streamed;
  co_return co_await writer.Finish();
}

Task<std::string> GzipInPieces(std::string text) {
  GzipEncoder encoder(kGzipFast);
  std::string compressed;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, kPieceBytes);
    compressed += encoder.Add(piece);
    rest.remove_prefix(piece.size());
    if (!rest.empty()) co_await Sleep(absl::ZeroDuration());
  }
  co_return compressed += encoder.Finish();
}

}  // namespace

bool AcceptsGzip(const http::Headers& request) {
  const std::optional<std::string> accepted = request.GetJoined("Accept-Encoding");
  if (!accepted) return false;
  const CodingWeights weights = WeightsOf(*accepted);
  const double gzip = weights.gzip.value_or(weights.others.value_or(0));
  return gzip > 0 && gzip >= weights.identity.value_or(0);
}

bool IsWorthGzip(std::string_view content_type, size_t bytes) {
  if (bytes <= kWorthBytes) return false;
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  for (const std::string_view text :
       {"application/json", "application/problem+json", "application/manifest+json", "application/wasm",
        "image/svg+xml", "text/css", "text/html", "text/javascript", "text/plain"}) {
    if (type == text) return true;
  }
  return false;
}

bool TakesGzip(const http::Headers& request, http::Response& response) {
  const size_t bytes = response.stream == nullptr ? response.body.size() : std::string_view::npos;
  const std::string_view type = response.headers.Get("Content-Type").value_or("");
  // A file is here in the form that was chosen for the client, and says itself what it varies by.
  if (!IsWorthGzip(type, bytes) || response.headers.Get("Vary") == "Accept-Encoding") return false;
  response.headers.Append("Vary", "Accept-Encoding");
  return AcceptsGzip(request);
}

Task<http::Response> Gzipped(http::Response response) {
  response.headers.Append("Content-Encoding", "gzip");
  if (response.stream != nullptr) {
    auto stream = std::make_shared<http::BodyStream>(std::move(response.stream));
    response.stream = [stream](http::BodyWriter& to) { return StreamGzipped(*stream, to); };
    co_return response;
  }
  response.body = co_await GzipInPieces(std::move(response.body));
  co_return response;
}

}  // namespace tidemark::gateway
