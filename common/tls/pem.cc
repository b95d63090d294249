#include "common/tls/pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tidemark::tls {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Bio Reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Else OpenSSL asks the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

// Whether what OpenSSL has just failed to read is not there at all, rather than damaged.
bool WasAtTheEnd() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

absl::StatusOr<std::vector<Certificate>> CertificatesIn(const std::string& text) {
  std::vector<Certificate> certificates;
  const Bio reader = Reader(text);
  ERR_clear_error();
  while (Certificate next{PEM_read_bio_X509(reader.get(), nullptr, NoPassword, nullptr)}) {
    certificates.push_back(std::move(next));
  }
  const bool all_read = WasAtTheEnd();
  ERR_clear_error();
  if (!all_read) return absl::InvalidArgumentError("a certificate is damaged");
  if (certificates.empty()) return absl::InvalidArgumentError("there is no certificate");
  return certificates;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read, or is empty"));
  }
  return text.str();
}

absl::Status CheckPair(const std::string& chain, const std::string& key) {
  const absl::StatusOr<std::vector<Certificate>> certificates = CertificatesIn(chain);
  if (!certificates.ok()) return certificates.status();
  const Key read(PEM_read_bio_PrivateKey(Reader(key).get(), nullptr, NoPassword, nullptr));
  const bool is_pair =
      read != nullptr && X509_check_private_key(certificates->front().get(), read.get()) == 1;
  ERR_clear_error();
  if (read == nullptr)
    return absl::InvalidArgumentError("there is no key that can be read without a password");
  return is_pair ? absl::OkStatus() : absl::InvalidArgumentError("the key is not this certificate's");
}

absl::Status CheckAuthorities(const std::string& authorities) { return CertificatesIn(authorities).status(); }

}  // namespace tidemark::tls
