// Wakes one thread: rung by other threads, and by the signals that end a program or change its terminal.
#pragma once

namespace tidemark::cli {

// One at a time in a process; until its end it takes SIGINT, SIGTERM, SIGHUP and SIGWINCH.
class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  // From any thread.
  void Ring();
  // Until it has rung since the last time. False: the program is to end.
  bool Await();
  // Readable when Await() would return at once; to be awaited together with others.
  int descriptor() const;
};

}  // namespace tidemark::cli
