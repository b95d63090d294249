// For tests: an authority and the certificates that it has signed, in a folder that goes with it.
//
//   TestAuthority authority;
//   authority.Sign("sync", "DNS:sync,IP:127.0.0.1");
//   … authority.certificate("sync"), authority.key("sync"), authority.file()
#pragma once

#include <filesystem>
#include <string>

namespace tidemark::tls {

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  // A pair of this name, in place of what it had. `names` are those of the certificate, as OpenSSL writes
  // subjectAltName.
  void Sign(const std::string& name, const std::string& names = "IP:127.0.0.1") const;

  std::string certificate(const std::string& name) const;
  std::string key(const std::string& name) const;
  // The authority's own certificate.
  std::string file() const;

 private:
  std::filesystem::path folder_;
};

// What is in a file, and putting a file there in place of what there was, as a renewal does.
std::string ContentOf(const std::string& path);
void PutFile(const std::string& path, const std::string& content);

}  // namespace tidemark::tls
