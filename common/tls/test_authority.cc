#include "common/tls/test_authority.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace tidemark::tls {
namespace {

namespace fs = std::filesystem;

void RunOpenssl(const std::string& arguments) {
  const std::string command =
      absl::StrCat("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 ",
                   arguments, " 2>/dev/null");
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

}  // namespace

TestAuthority::TestAuthority() {
  std::string name = (fs::temp_directory_path() / "tidemark-tls-XXXXXX").string();
  folder_ = mkdtemp(name.data());
  RunOpenssl(absl::StrCat("-subj /CN=authority -keyout ", key("authority"), " -out ", file()));
}

TestAuthority::~TestAuthority() { fs::remove_all(folder_); }

void TestAuthority::Sign(const std::string& name, const std::string& names) const {
  const std::string next = name + "-next";
  RunOpenssl(absl::StrCat("-CA ", file(), " -CAkey ", key("authority"), " -subj /CN=", name,
                          " -addext subjectAltName=", names, " -addext basicConstraints=critical,CA:FALSE",
                          " -keyout ", key(next), " -out ", certificate(next)));
  fs::rename(key(next), key(name));
  fs::rename(certificate(next), certificate(name));
}

std::string TestAuthority::certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
std::string TestAuthority::key(const std::string& name) const { return folder_ / (name + "-key.pem"); }
std::string TestAuthority::file() const { return certificate("authority"); }

std::string ContentOf(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

void PutFile(const std::string& path, const std::string& content) {
  const std::string next = path + ".next";
  std::ofstream(next) << content;
  fs::rename(next, path);
}

}  // namespace tidemark::tls
