// Copies of a certificate, its key and the authorities that it is judged by, which follow the files when
// these are replaced and are sound at any time.
//
//   absl::StatusOr<std::unique_ptr<CheckedFiles>> files = CheckedFiles::Load({.certificate = …, .key = …});
//   library.Watch((*files)->identity_path());
//   (*files)->Refresh();                          // each kCheckEvery
//
// They are there for gRPC, which watches files itself but drops what it has for a pair that does not match,
// or a file that is half written: then nobody can connect any more.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/tls/memory_file.h"
#include "common/tls/watched_files.h"

namespace tidemark::tls {

// Paths of files in PEM; an empty one: there is none.
struct Files {
  // The certificate, followed by those that lead to its authority.
  std::string certificate = {};
  // Without a password.
  std::string key = {};
  // Whose certificates others may show.
  std::string authorities = {};
};

// Not thread-safe, but for those who read the copies.
class CheckedFiles {
 public:
  // INVALID_ARGUMENT: a file cannot be read, certificate and key are no pair or only one of them is named.
  static absl::StatusOr<std::unique_ptr<CheckedFiles>> Load(Files files);

  // Where something has changed: takes all of it, or if any of it is not sound nothing until it is.
  void Refresh();

  // Where the copies are, for as long as this is. Certificate and key are in one file, so that nobody can
  // read one of the old and one of the new. Empty: there is none.
  std::string identity_path() const;
  std::string authorities_path() const;

 private:
  CheckedFiles(Files files, MemoryFile identity, MemoryFile authorities);
  absl::Status Take();

  const Files files_;
  WatchedFiles watched_;
  MemoryFile identity_;
  MemoryFile authorities_;
};

}  // namespace tidemark::tls
