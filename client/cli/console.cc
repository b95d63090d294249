#include "client/cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "client/cli/text/harmless.h"

namespace tidemark::cli {
namespace {

bool WantsColours() {
  const char* none = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (none == nullptr || *none == '\0') && (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

winsize SizeOf(bool is_terminal) {
  // A terminal that tells none, such as a serial line.
  winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  winsize told{};
  if (is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &told) == 0 && told.ws_col > 0) size = told;
  return size;
}

}  // namespace

Console::Console(bool json)
    : json_(json),
      out_is_terminal_(::isatty(STDOUT_FILENO) == 1),
      err_is_terminal_(::isatty(STDERR_FILENO) == 1),
      palette_(out_is_terminal_ && !json && WantsColours()) {}

int Console::width() const { return out_is_terminal_ ? SizeOf(true).ws_col : 0; }
int Console::height() const { return out_is_terminal_ ? SizeOf(true).ws_row : 0; }

void Console::Say(std::string_view line) {
  Write(line);
  Write("\n");
}

void Console::Remark(std::string_view line) {
  Flush();
  // Line by line, as line breaks are meant.
  while (!line.empty()) {
    const std::string_view one = line.substr(0, line.find('\n'));
    std::fprintf(stderr, "%s\n", Harmless(one).c_str());
    line.remove_prefix(std::min(line.size(), one.size() + 1));
  }
}

void Console::Write(std::string_view text) {
  is_well_ = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && is_well_;
}

void Console::Flush() { is_well_ = std::fflush(stdout) == 0 && is_well_; }

}  // namespace tidemark::cli
