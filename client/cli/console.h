// Where the command says things: results to stdout, remarks to stderr.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/cli/text/palette.h"

namespace tidemark::cli {

class Console {
 public:
  // Looks at the two streams, NO_COLOR and TERM.
  explicit Console(bool json);

  bool json() const { return json_; }
  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }
  // Of stdout's terminal; 0: it is none.
  int width() const;
  int height() const;
  // For stdout.
  const Palette& palette() const { return palette_; }

  // A line of the result. The caller has made it harmless.
  void Say(std::string_view line);
  // For a person: nothing of it where JSON is asked for.
  void SayToPerson(std::string_view line) {
    if (!json_) Say(line);
  }
  // Makes it harmless.
  void Remark(std::string_view line);
  // Writes as it is; to be flushed.
  void Write(std::string_view text);
  void Flush();
  // False: the disk is full, or nobody reads any more.
  bool is_well() const { return is_well_; }

 private:
  const bool json_;
  const bool out_is_terminal_;
  const bool err_is_terminal_;
  const Palette palette_;
  bool is_well_ = true;
};

}  // namespace tidemark::cli
