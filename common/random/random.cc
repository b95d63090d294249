#include "common/random/random.h"

#include <sodium.h>

#include <cstdlib>

#include "absl/strings/escaping.h"

namespace tidemark {

SystemRandom::SystemRandom() {
  if (sodium_init() < 0)
    std::abort();  // No source of randomness: nothing this process could do would be safe.
}

std::string SystemRandom::Bytes(size_t count) {
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string SeededRandom::Bytes(size_t count) {
  std::lock_guard lock(mutex_);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine_() & 0xff);
  return bytes;
}

std::string NewUuid(Random& random) {
  std::string bytes = random.Bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string uuid = absl::BytesToHexString(bytes);
  for (size_t dash : {8, 13, 18, 23}) uuid.insert(dash, 1, '-');
  return uuid;
}

}  // namespace tidemark
