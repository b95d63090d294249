// FNV-1a, 64 bits: the same for equal input on every machine and build, so it may be stored. Guards against
// accidents, not against attackers.
#pragma once

#include <cstdint>
#include <string_view>

namespace tidemark::sync {

class StableHash {
 public:
  // With its length, so that ("ab", "c") and ("a", "bc") differ.
  void Add(std::string_view bytes) {
    Add(static_cast<int64_t>(bytes.size()));
    for (unsigned char byte : bytes) Mix(byte);
  }
  void Add(int64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      Mix(static_cast<unsigned char>(static_cast<uint64_t>(number) >> shift));
  }
  uint64_t value() const { return value_; }

 private:
  void Mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }

  uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace tidemark::sync
