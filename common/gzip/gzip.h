// gzip (RFC 1952), in one piece or as the text comes.
//
//   std::string small = Gzip(text, kGzipBest);
//
//   GzipEncoder encoder(kGzipFast);
//   std::string out = encoder.Add(first_part);
//   out += encoder.Add(second_part);
//   out += encoder.Finish();
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tidemark {

// zlib's levels: for what is made once per answer, and for what is made once and sent often.
inline constexpr int kGzipFast = 1;
inline constexpr int kGzipBest = 9;

class GzipEncoder {
 public:
  explicit GzipEncoder(int level);
  ~GzipEncoder();

  // Less than 4 GiB at a time. What can be sent so far; often nothing, since zlib gathers.
  std::string Add(std::string_view text);
  // The rest. Call once, last.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Gzip(std::string_view text, int level);

}  // namespace tidemark
