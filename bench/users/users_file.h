// The file that says which users there are and where their devices are: written by tidemark-seed, mapped into
// memory and kept true by tidemark-load, so that a run goes on where the last one ended and a million users
// cost no memory of the process.
//
//   tidemark-users 1 4f0c1d2e3a4b 100
//   <user id> <live count> <cursor> <version sum> <edits> <access token>
//   …
//
// The first line names the data set's epoch and the tasks a user was seeded with. Numbers are padded with
// zeros and tokens are of one length: so are all lines but the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "bench/users/device.h"

namespace tidemark::bench {

// What is the same for all users of a file.
struct Seeding {
  std::string epoch;
  // Of each user.
  int64_t tasks = 0;
  bool operator==(const Seeding&) const = default;
};

// Methods throw Failed.
class UsersFileWriter {
 public:
  // Nothing stands at `path` until Close.
  UsersFileWriter(std::string path, const Seeding& seeding);
  ~UsersFileWriter();
  UsersFileWriter(const UsersFileWriter&) = delete;
  UsersFileWriter& operator=(const UsersFileWriter&) = delete;

  // All tokens are of the same length.
  void Add(std::string_view user, const DeviceState& state, std::string_view token);
  void Close();

 private:
  void Write(std::string_view line);

  const std::string path_;
  const std::string unfinished_;
  std::FILE* file_;
  std::size_t token_bytes_ = 0;
};

// Each user is to be read and written by one thread at a time.
class UsersFile {
 public:
  // Throws Failed if there is no such file, or it is none of ours.
  explicit UsersFile(const std::string& path);
  ~UsersFile();
  UsersFile(const UsersFile&) = delete;
  UsersFile& operator=(const UsersFile&) = delete;

  const Seeding& seeding() const { return seeding_; }
  std::size_t size() const { return size_; }

  // `user` < size().
  std::string_view IdOf(std::size_t user) const;
  std::string_view TokenOf(std::size_t user) const;
  DeviceState StateOf(std::size_t user) const;
  void SetState(std::size_t user, const DeviceState& state);

 private:
  char* LineOf(std::size_t user) const { return lines_ + user * line_bytes_; }
  void Map(const std::string& path);
  // Whether the mapped text is a file of ours; learns all about it.
  bool Understand();

  char* text_ = nullptr;
  std::size_t text_bytes_ = 0;
  Seeding seeding_;
  char* lines_ = nullptr;
  std::size_t line_bytes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tidemark::bench
