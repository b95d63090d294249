// A server's certificate and key, which are replaced while it runs.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/connection.h"

namespace tidemark::http {

struct TlsFiles {
  // PEM: the certificate, followed by those that lead to its root.
  std::string certificate;
  // PEM, without a password.
  std::string key;
};

// For TLS 1.2 and 1.3. Not thread-safe.
class TlsCertificate {
 public:
  // INVALID_ARGUMENT: a file cannot be read, or the two are no pair.
  static absl::StatusOr<std::unique_ptr<TlsCertificate>> Load(TlsFiles files);

  // For a new connection; those that are open keep what they began with. Looks at the files if that was not
  // done within kTlsCheckEvery, so that a renewal needs no signal, and one that is half written (which is no
  // pair) is passed over until it is whole.
  TlsContext Current(absl::Time now);

 private:
  // What changes when a file is written or replaced.
  struct Stamp {
    absl::Time modified;
    uint64_t size = 0;
    uint64_t file = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Stamps {
    Stamp certificate;
    Stamp key;
    bool operator==(const Stamps&) const = default;
  };

  explicit TlsCertificate(TlsFiles files);
  static Stamp StampOf(const std::string& path);
  Stamps StampsNow() const;

  const TlsFiles files_;
  Stamps stamps_;
  absl::Time checked_ = absl::InfinitePast();
  TlsContext context_;
};

inline constexpr absl::Duration kTlsCheckEvery = absl::Seconds(2);

}  // namespace tidemark::http
