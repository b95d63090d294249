#include "client/cli/bell.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace tidemark::cli {
namespace {

constexpr char kRing = 'r', kPause = 'p', kEnd = 'e';
constexpr std::array kTaken = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};

// Signal handlers see nothing but globals.
std::array<int, 2> ends = {-1, -1};

// If the pipe is full, it rings already.
void Put(char c) {
  const int before = errno;
  [[maybe_unused]] const ssize_t put = ::write(ends[1], &c, 1);
  errno = before;
}

void OnSignal(int number) { Put(number == SIGWINCH ? kRing : number == SIGTSTP ? kPause : kEnd); }

void Handle(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

}  // namespace

Bell::Bell() {
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) ends = {-1, -1};
  for (const int number : kTaken) Handle(number, OnSignal);
}

Bell::~Bell() {
  for (const int number : kTaken) Handle(number, SIG_DFL);
  for (int& end : ends) ::close(end);
  ends = {-1, -1};
}

void Bell::Ring() { Put(kRing); }

int Bell::descriptor() const { return ends[0]; }

Bell::Heard Bell::Await() {
  pollfd waits{.fd = ends[0], .events = POLLIN, .revents = 0};
  while (::poll(&waits, 1, -1) < 0 && errno == EINTR) {
  }
  Heard heard = ends[0] < 0 ? Heard::kEnd : Heard::kRung;
  std::array<char, 64> rung;
  for (ssize_t got = ::read(ends[0], rung.data(), rung.size()); got > 0;
       got = ::read(ends[0], rung.data(), rung.size())) {
    for (ssize_t i = 0; i < got; ++i) {
      if (rung[i] == kEnd) heard = Heard::kEnd;
      if (rung[i] == kPause && heard == Heard::kRung) heard = Heard::kPause;
    }
  }
  return heard;
}

void Bell::Pause() {
  Handle(SIGTSTP, SIG_DFL);
  // Returns when it is continued.
  ::raise(SIGTSTP);
  Handle(SIGTSTP, OnSignal);
}

}  // namespace tidemark::cli
