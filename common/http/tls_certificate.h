// A server's certificate and key, which are replaced while it runs.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/connection.h"
#include "common/tls/watched_files.h"

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
  // done within tls::kCheckEvery. A pair that is half written (which is none) is passed over until it is
  // whole.
  TlsContext Current(absl::Time now);

 private:
  explicit TlsCertificate(TlsFiles files);

  const TlsFiles files_;
  tls::WatchedFiles watched_;
  absl::Time checked_ = absl::InfinitePast();
  TlsContext context_;
};

}  // namespace tidemark::http
