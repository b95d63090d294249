// Wakes one thread: rung by other threads, and by the signals that end a program or change its terminal.
#pragma once

namespace tidemark::cli {

// One at a time in a process; until its end it takes SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGWINCH.
class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  // From any thread.
  void Ring();
  // kRung: since the last time. kPause: the person wants the terminal; call Pause(). kEnd: the program is to
  // end.
  enum class Heard { kRung, kPause, kEnd };
  Heard Await();
  // Stops the process, as if it had not taken SIGTSTP, until it is continued.
  void Pause();
  // Readable when Await() would return at once; to be awaited together with others.
  int descriptor() const;
};

}  // namespace tidemark::cli
