#include "client/cli/prompt.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>

#include "client/cli/bell.h"

namespace tidemark::cli {
namespace {

constexpr char kCtrlC = 3, kCtrlD = 4, kCtrlU = 21, kBackspace = 8, kDelete = 127;

// Nothing typed is shown, and Ctrl-C comes as a character: so the terminal is never left mute.
class Mute {
 public:
  Mute() {
    ::tcgetattr(STDIN_FILENO, &before_);
    Begin();
  }
  ~Mute() { End(); }
  Mute(const Mute&) = delete;
  Mute& operator=(const Mute&) = delete;

  void Begin() const {
    termios mute = before_;
    mute.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &mute);
  }
  void End() const { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

absl::Status GivenUp() { return absl::AbortedError("given up"); }

void EraseCharacter(std::string& text) {
  constexpr unsigned char kContinues = 0x80, kMask = 0xC0;
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & kMask) == kContinues) text.pop_back();
  if (!text.empty()) text.pop_back();
}

// False: the program is to end.
bool AwaitKey(Bell& bell, const Mute& mute) {
  std::array<pollfd, 2> waits = {pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                 pollfd{.fd = bell.descriptor(), .events = POLLIN, .revents = 0}};
  for (;;) {
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    const Bell::Heard heard = waits[1].revents == 0 ? Bell::Heard::kRung : bell.Await();
    if (heard == Bell::Heard::kEnd) return false;
    if (heard == Bell::Heard::kPause) {
      mute.End();
      bell.Pause();
      mute.Begin();
      continue;
    }
    if (waits[0].revents != 0) return true;
  }
}

// kAborted: end of file, Ctrl-C, or the program is to end.
absl::StatusOr<std::string> ReadMuted(Bell& bell, const Mute& mute) {
  std::string text;
  char c = 0;
  for (;;) {
    if (!AwaitKey(bell, mute)) return GivenUp();
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == kCtrlC || (c == kCtrlD && text.empty())) return GivenUp();
    if (c == '\n' || c == '\r') return text;
    if (c == kBackspace || c == kDelete) {
      EraseCharacter(text);
    } else if (c == kCtrlU) {
      text.clear();
    } else {
      text += c;
    }
  }
}

absl::Status RequireTerminal(const char* instead) {
  if (::isatty(STDIN_FILENO) == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string("there is no terminal to ask on: ") + instead);
}

}  // namespace

absl::StatusOr<std::string> AskLine(const std::string& question) {
  if (absl::Status status = RequireTerminal("name the email on the command line"); !status.ok())
    return status;
  std::fprintf(stderr, "%s", question.c_str());
  std::string line;
  if (!std::getline(std::cin, line)) return GivenUp();
  return line;
}

absl::StatusOr<std::string> AskPassword(const std::string& question) {
  if (absl::Status status = RequireTerminal("give the password to stdin with --password-stdin"); !status.ok())
    return status;
  Bell bell;
  const Mute mute;
  std::fprintf(stderr, "%s", question.c_str());
  absl::StatusOr<std::string> password = ReadMuted(bell, mute);
  std::fprintf(stderr, "\n");
  return password;
}

absl::StatusOr<std::string> PasswordFromStdin() {
  std::string line;
  if (!std::getline(std::cin, line))
    return absl::InvalidArgumentError("--password-stdin: stdin holds no password");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace tidemark::cli
