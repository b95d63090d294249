#include "bench/load/answer_reader.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace tidemark::bench {
namespace {

constexpr std::string_view kVersion = "HTTP/1.1 ";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool HasNoBody(int status) { return status == 204 || status == 304; }

// Cuts the next line off `text`, without its end.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find(kLineEnd);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + kLineEnd.size());
  return line;
}

}  // namespace

AnswerReader::State AnswerReader::Feed(std::string_view bytes) {
  const std::size_t searched = text_.size() < kHeadEnd.size() ? 0 : text_.size() - kHeadEnd.size();
  text_.append(bytes);
  if (head_bytes_ == 0) {
    const std::size_t end = text_.find(kHeadEnd, searched);
    if (end == std::string::npos) return State::kIncomplete;
    head_bytes_ = end + kHeadEnd.size();
    if (!ReadHead(std::string_view(text_).substr(0, end + kLineEnd.size()))) return State::kMalformed;
  }
  return text_.size() < head_bytes_ + body_bytes_ ? State::kIncomplete : State::kComplete;
}

void AnswerReader::Reset() {
  text_.clear();
  head_bytes_ = 0;
  body_bytes_ = 0;
  etag_.clear();
}

bool AnswerReader::ReadHead(std::string_view head) {
  std::string_view line = TakeLine(head);
  if (!line.starts_with(kVersion) || !absl::SimpleAtoi(View(line.substr(kVersion.size(), 3)), &status_))
    return false;
  bool has_length = HasNoBody(status_);
  while (!head.empty()) {
    line = TakeLine(head);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return false;
    const absl::string_view name = View(line.substr(0, colon));
    const std::string_view value = line.substr(colon + 2);
    if (absl::EqualsIgnoreCase(name, "ETag")) etag_ = value;
    if (absl::EqualsIgnoreCase(name, "Content-Length") && !HasNoBody(status_)) {
      has_length = absl::SimpleAtoi(View(value), &body_bytes_);
    }
  }
  return has_length;
}

}  // namespace tidemark::bench
