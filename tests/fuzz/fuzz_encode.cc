// Answers: the input makes a message, whose JSON is parsed by Boost.JSON and is, value for value, what a walk
// over the message's descriptor says (gateway/json/reference_testing.h).
#include <fuzzer/FuzzedDataProvider.h>

#include <boost/json.hpp>
#include <vector>

#include "common/text/utf8.h"
#include "gateway/json/auth_codec.h"
#include "gateway/json/auth_shapes.h"
#include "gateway/json/devices_codec.h"
#include "gateway/json/export_codec.h"
#include "gateway/json/history_codec.h"
#include "gateway/json/reference_testing.h"
#include "gateway/json/sync_shapes.h"
#include "gateway/json/sync_v1_codec.h"
#include "gateway/json/usage_codec.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {
namespace {

using namespace tidemark::gateway;

class Input : public Source {
 public:
  Input(const uint8_t* data, size_t size) : data_(data, size) {}
  int64_t Number(int64_t max) override { return data_.ConsumeIntegralInRange<int64_t>(0, max); }
  std::string Bytes(size_t size_max) override { return data_.ConsumeRandomLengthString(size_max); }

 private:
  FuzzedDataProvider data_;
};

template <typename Message>
Message Made(Source& source) {
  Message message;
  Fill(message, source);
  return message;
}

boost::json::value Checked(const std::string& json) {
  Require(text::IsUtf8(json), "an answer is UTF-8");
  boost::json::error_code error;
  boost::json::value parsed = boost::json::parse(json, error);
  Require(!error, "an answer is JSON");
  return parsed;
}

void CheckAnswer(const std::string& json, const boost::json::value& expected) {
  Require(Checked(json) == expected, "an answer has the values of its message");
}

// `json` is also read again, by the table it was written by.
template <typename Shape>
void CheckAnswer(const std::string& json, const typename Shape::Message& message, const Shape& shape,
                 bool full_tasks = false) {
  CheckAnswer(json, ReferenceJson(message, full_tasks));
  const auto again = DecodeObject(json, shape);
  Require(again.ok() && EncodeObject(shape, *again) == json, "what an answer tells is what is read from it");
}

template <auto kEncode, typename Message>
void CheckOne(Source& source) {
  const Message message = Made<Message>(source);
  CheckAnswer(kEncode(message), message, kShape<Message>);
}

void CheckUsage(Source& source) {
  const auto message = Made<v1::GetUsageResponse>(source);
  const HttpLimits http{source.Number(1 << 30), source.Number(1 << 30)};
  boost::json::value expected = ReferenceJson(message);
  expected.at("limits").as_object()["body_bytes_max"] = http.body_bytes_max;
  expected.at("limits").as_object()["header_bytes_max"] = http.header_bytes_max;
  CheckAnswer(EncodeUsage(message, http), expected);
}

// In any number of parts.
void CheckV1(Source& source) {
  v1::SyncV1Response whole;
  SyncV1Encoder encoder;
  std::string json;
  do {
    const auto part = Made<v1::SyncV1Response>(source);
    json += encoder.Add(part);
    whole.MergeFrom(part);
  } while (source.Number(1) == 1);
  const absl::StatusOr<std::string> rest = encoder.Finish();
  Require(rest.ok() == whole.has_server_time(), "an answer with a server_time is whole, and no other");
  if (rest.ok()) CheckAnswer(json + *rest, whole, kShape<v1::SyncV1Response>, true);
}

// Histories of one task that follow each other are one.
v1::ExportResponse Joined(const v1::ExportResponse& parts) {
  v1::ExportResponse joined;
  *joined.mutable_tasks() = parts.tasks();
  for (const v1::GetHistoryResponse& history : parts.histories()) {
    const int last = joined.histories_size() - 1;
    if (last >= 0 && joined.histories(last).id() == history.id()) {
      joined.mutable_histories(last)->mutable_history()->MergeFrom(history.history());
    } else {
      *joined.add_histories() = history;
    }
  }
  return joined;
}

void CheckExport(Source& source) {
  const UnixMillis now{source.Number(int64_t{1} << 53)};
  v1::ExportResponse whole;
  ExportEncoder encoder(now);
  std::string json;
  bool in_order = true;
  do {
    const auto part = Made<v1::ExportResponse>(source);
    in_order = in_order && (part.tasks_size() == 0 || whole.histories_size() == 0);
    json += encoder.Add(part);
    whole.MergeFrom(part);
  } while (source.Number(1) == 1);
  const absl::StatusOr<std::string> rest = encoder.Finish();
  Require(rest.ok() == in_order, "tasks come before histories");
  if (!rest.ok()) return;
  boost::json::value expected = ReferenceJson(Joined(whole), true);
  expected.as_object()["exported_at"] = now.value;
  CheckAnswer(json + *rest, expected);
}

constexpr void (*kChecks[])(Source&) = {
    CheckOne<EncodeSyncResponse, v1::SyncResponse>,
    CheckOne<EncodeDevices, v1::ListDevicesResponse>,
    CheckOne<EncodeHistory, v1::GetHistoryResponse>,
    CheckOne<EncodeTokens, v1::Tokens>,
    CheckOne<EncodeSessions, v1::ListSessionsResponse>,
    CheckOne<EncodeJwks, v1::GetJwksResponse>,
    CheckUsage,
    CheckV1,
    CheckExport,
};

}  // namespace
}  // namespace tidemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidemark::fuzz;
  Input input(data, size);
  kChecks[input.Number(std::size(kChecks) - 1)](input);
  return 0;
}
