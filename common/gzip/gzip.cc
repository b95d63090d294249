#include "common/gzip/gzip.h"

#include <zlib.h>

#include <cstdio>
#include <cstdlib>

namespace tidemark {
namespace {

// zlib's largest window, and 16 more for gzip's header and check sum instead of its own.
constexpr int kWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;
constexpr size_t kOutputBytes = size_t{16} * 1024;

// deflateInit2 fails for want of memory, deflate for misuse alone.
void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "zlib: %s failed\n", what);
  std::abort();
}

}  // namespace

struct GzipEncoder::State {
  std::string Deflate(std::string_view text, int flush);

  z_stream stream{};
};

std::string GzipEncoder::State::Deflate(std::string_view text, int flush) {
  std::string out;
  // zlib does not write there; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  do {
    const size_t before = out.size();
    out.resize(before + kOutputBytes);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = kOutputBytes;
    Expect(deflate(&stream, flush) != Z_STREAM_ERROR, "deflate");
    out.resize(out.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return out;
}

GzipEncoder::GzipEncoder(int level) : state_(std::make_unique<State>()) {
  Expect(
      deflateInit2(&state_->stream, level, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK,
      "deflateInit2");
}

GzipEncoder::~GzipEncoder() { deflateEnd(&state_->stream); }

std::string GzipEncoder::Add(std::string_view text) { return state_->Deflate(text, Z_NO_FLUSH); }

std::string GzipEncoder::Finish() { return state_->Deflate("", Z_FINISH); }

std::string Gzip(std::string_view text, int level) {
  GzipEncoder encoder(level);
  std::string out = encoder.Add(text);
  return out += encoder.Finish();
}

}  // namespace tidemark
