// For tests: what a client makes of gzip.
#pragma once

#include <zlib.h>

#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// Nothing: it is no whole gzip, or something follows it.
inline std::optional<std::string> Gunzip(std::string_view compressed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string text;
  int result = Z_OK;
  while (result == Z_OK) {
    const size_t before = text.size();
    text.resize(before + 16 * 1024);
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
    stream.avail_out = 16 * 1024;
    result = inflate(&stream, Z_NO_FLUSH);
    text.resize(text.size() - stream.avail_out);
  }
  const bool is_whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return is_whole ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace tidemark
