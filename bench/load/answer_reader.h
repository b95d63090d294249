// Reads an HTTP/1.1 answer as its bytes come. Knows what our gateway sends: a Content-Length, or a status
// without a body.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark::bench {

class AnswerReader {
 public:
  enum class State { kIncomplete, kComplete, kMalformed };

  State Feed(std::string_view bytes);
  // For the next answer. What came beyond this one is dropped: nothing is asked before it is answered.
  void Reset();

  // When complete:
  int status() const { return status_; }
  // With its quotes; empty if there is none.
  std::string_view etag() const { return etag_; }
  std::string_view body() const { return std::string_view(text_).substr(head_bytes_, body_bytes_); }
  std::size_t bytes() const { return text_.size(); }

 private:
  bool ReadHead(std::string_view head);

  std::string text_;
  // 0: the head is not complete.
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  int status_ = 0;
  std::string etag_;
};

}  // namespace tidemark::bench
