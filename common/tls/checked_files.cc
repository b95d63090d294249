#include "common/tls/checked_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/tls/pem.h"

namespace tidemark::tls {
namespace {

// `where`: the file, or files, that it is about.
absl::Status In(const std::string& where, const absl::Status& status) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(where, ": ", status.message())};
}

// Both, as one text. Empty: no certificate is named.
absl::StatusOr<std::string> ReadIdentity(const Files& files) {
  if (files.certificate.empty()) return "";
  absl::StatusOr<std::string> chain = ReadFile(files.certificate);
  if (!chain.ok()) return chain.status();
  absl::StatusOr<std::string> key = ReadFile(files.key);
  if (!key.ok()) return key.status();
  if (absl::Status pair = CheckPair(*chain, *key); !pair.ok()) {
    return In(absl::StrCat(files.certificate, " with ", files.key), pair);
  }
  return absl::StrCat(*key, "\n", *chain);
}

absl::StatusOr<std::string> ReadAuthorities(const Files& files) {
  if (files.authorities.empty()) return "";
  absl::StatusOr<std::string> authorities = ReadFile(files.authorities);
  if (!authorities.ok()) return authorities.status();
  if (absl::Status sound = CheckAuthorities(*authorities); !sound.ok()) return In(files.authorities, sound);
  return authorities;
}

}  // namespace

CheckedFiles::CheckedFiles(Files files, MemoryFile identity, MemoryFile authorities)
    : files_(std::move(files)),
      watched_({files_.certificate, files_.key, files_.authorities}),
      identity_(std::move(identity)),
      authorities_(std::move(authorities)) {}

absl::StatusOr<std::unique_ptr<CheckedFiles>> CheckedFiles::Load(Files files) {
  if (files.certificate.empty() != files.key.empty()) {
    const std::string& alone = files.certificate.empty() ? files.key : files.certificate;
    return In(alone, absl::InvalidArgumentError("a certificate and its key are needed both, or neither"));
  }
  absl::StatusOr<MemoryFile> identity = MemoryFile::Make();
  if (!identity.ok()) return identity.status();
  absl::StatusOr<MemoryFile> authorities = MemoryFile::Make();
  if (!authorities.ok()) return authorities.status();
  std::unique_ptr<CheckedFiles> loaded(
      new CheckedFiles(std::move(files), *std::move(identity), *std::move(authorities)));
  if (absl::Status taken = loaded->Take(); !taken.ok()) return taken;
  return loaded;
}

void CheckedFiles::Refresh() {
  watched_.Refresh([this] { return Take(); });
}

absl::Status CheckedFiles::Take() {
  const absl::StatusOr<std::string> identity = ReadIdentity(files_);
  if (!identity.ok()) return identity.status();
  const absl::StatusOr<std::string> authorities = ReadAuthorities(files_);
  if (!authorities.ok()) return authorities.status();
  if (absl::Status replaced = identity_.Replace(*identity); !replaced.ok()) return replaced;
  return authorities_.Replace(*authorities);
}

std::string CheckedFiles::identity_path() const { return files_.certificate.empty() ? "" : identity_.path(); }

std::string CheckedFiles::authorities_path() const {
  return files_.authorities.empty() ? "" : authorities_.path();
}

}  // namespace tidemark::tls
