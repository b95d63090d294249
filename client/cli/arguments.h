// What was typed, as values. Which of them a command looks at, command_line.cc says.
#pragma once

#include <string>
#include <vector>

namespace tidemark::cli {

struct Arguments {
  std::string command = {};

  // Of every command.
  bool json = false;
  bool offline = false;
  std::string server = {};
  std::string ca_file = {};

  // Of a command that takes one…
  std::string id = {};
  // …or many.
  std::vector<std::string> ids = {};
  // Words of a text, or to be found.
  std::vector<std::string> words = {};
  std::string email = {};
  std::string file = {};
  std::string shell = {};
  std::string format = {};
  // Keys of conflicts.
  std::vector<std::string> restore = {};
  std::vector<std::string> dismiss = {};
  bool password_stdin = false;
  bool all = false;
  bool done = false;
  bool deleted = false;
  bool open = false;
  bool conflicts = false;
  bool full = false;
  bool todo_txt = false;
};

}  // namespace tidemark::cli
