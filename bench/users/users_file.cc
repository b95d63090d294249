#include "bench/users/users_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

constexpr char kMark[] = "tidemark-users";
constexpr int kFormat = 1;

// Places within a line: an id of 36 bytes and four numbers, each with a space behind it, then the token.
constexpr std::size_t kIdBytes = 36;
constexpr std::size_t kDigits = 16;
constexpr std::size_t kNumbersAt = kIdBytes + 1;
constexpr std::size_t kNumbers = 4;
constexpr std::size_t kTokenAt = kNumbersAt + kNumbers * (kDigits + 1);

std::string FormatNumbers(const DeviceState& state) {
  return absl::StrFormat("%016d %016d %016d %016d", state.live_count, state.cursor, state.version_sum,
                         state.edits);
}

int64_t ReadNumber(const char* line, std::size_t place) {
  const char* digits = line + kNumbersAt + place * (kDigits + 1);
  int64_t number = 0;
  std::from_chars(digits, digits + kDigits, number);
  return number;
}

}  // namespace

UsersFileWriter::UsersFileWriter(std::string path, const Seeding& seeding)
    : path_(std::move(path)), unfinished_(path_ + ".new"), file_(std::fopen(unfinished_.c_str(), "w")) {
  if (file_ == nullptr) throw Failed(absl::StrCat("cannot write ", unfinished_, ": ", std::strerror(errno)));
  Write(absl::StrCat(kMark, " ", kFormat, " ", seeding.epoch, " ", seeding.tasks, "\n"));
}

UsersFileWriter::~UsersFileWriter() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::remove(unfinished_.c_str());
}

void UsersFileWriter::Add(std::string_view user, const DeviceState& state, std::string_view token) {
  if (token_bytes_ == 0) token_bytes_ = token.size();
  if (user.size() != kIdBytes || token.size() != token_bytes_) {
    throw Failed("users whose lines are not of one length");
  }
  std::string line(user);
  line.append(" ").append(FormatNumbers(state)).append(" ").append(token).append("\n");
  Write(line);
}

void UsersFileWriter::Close() {
  if (std::fclose(std::exchange(file_, nullptr)) != 0 ||
      std::rename(unfinished_.c_str(), path_.c_str()) != 0) {
    throw Failed(absl::StrCat("cannot write ", path_, ": ", std::strerror(errno)));
  }
}

void UsersFileWriter::Write(std::string_view line) {
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size()) {
    throw Failed(absl::StrCat("cannot write ", unfinished_, ": ", std::strerror(errno)));
  }
}

UsersFile::UsersFile(const std::string& path) {
  Map(path);
  if (!Understand()) {
    ::munmap(text_, text_bytes_);
    throw Failed(absl::StrCat(path, " is not a file that tidemark-seed has written"));
  }
}

UsersFile::~UsersFile() { ::munmap(text_, text_bytes_); }

std::string_view UsersFile::IdOf(std::size_t user) const { return {LineOf(user), kIdBytes}; }

std::string_view UsersFile::TokenOf(std::size_t user) const {
  return {LineOf(user) + kTokenAt, line_bytes_ - kTokenAt - 1};
}

DeviceState UsersFile::StateOf(std::size_t user) const {
  const char* line = LineOf(user);
  return {.live_count = ReadNumber(line, 0),
          .cursor = ReadNumber(line, 1),
          .version_sum = ReadNumber(line, 2),
          .edits = ReadNumber(line, 3)};
}

void UsersFile::SetState(std::size_t user, const DeviceState& state) {
  const std::string numbers = FormatNumbers(state);
  std::memcpy(LineOf(user) + kNumbersAt, numbers.data(), numbers.size());
}

void UsersFile::Map(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) throw Failed(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  struct stat about {};
  // What it cannot measure is empty, and an empty file cannot be mapped.
  (void)::fstat(file, &about);
  text_bytes_ = static_cast<std::size_t>(about.st_size);
  void* mapped = ::mmap(nullptr, text_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) throw Failed(absl::StrCat("cannot map ", path, ": ", std::strerror(errno)));
  text_ = static_cast<char*>(mapped);
}

bool UsersFile::Understand() {
  const std::string_view text(text_, text_bytes_);
  const std::size_t head_bytes = text.find('\n') + 1;
  if (head_bytes == 0) return false;
  const std::vector<std::string> head =
      absl::StrSplit(absl::string_view(text_, head_bytes - 1), absl::MaxSplits(' ', 3));
  if (head.size() != 4 || head[0] != kMark || head[1] != absl::StrCat(kFormat)) return false;
  seeding_.epoch = head[2];
  if (!absl::SimpleAtoi(head[3], &seeding_.tasks)) return false;
  const std::size_t line_end = text.find('\n', head_bytes);
  if (line_end == std::string_view::npos || line_end <= head_bytes + kTokenAt) return false;
  line_bytes_ = line_end + 1 - head_bytes;
  lines_ = text_ + head_bytes;
  size_ = (text_bytes_ - head_bytes) / line_bytes_;
  return size_ * line_bytes_ == text_bytes_ - head_bytes;
}

}  // namespace tidemark::bench
