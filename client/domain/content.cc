#include "client/domain/content.h"

#include <algorithm>

#include "client/domain/task.h"
#include "common/status/error.h"
#include "common/text/utf8.h"

namespace tidemark::client {

absl::StatusOr<std::string> ContentFrom(std::string_view typed) {
  if (!text::IsUtf8(typed)) return Error(Code::kValidation, "the text is not valid UTF-8");
  std::string content(typed);
  std::erase(content, '\0');
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const std::size_t begin = content.find_first_not_of(kBlank);
  if (begin == std::string::npos) return Error(Code::kValidation, "a task needs a text");
  content = content.substr(begin, content.find_last_not_of(kBlank) + 1 - begin);
  if (content.size() > kContentBytesMax) {
    return Error(Code::kValidation, "the text has " + std::to_string(content.size()) +
                                        " bytes; a task holds " + std::to_string(kContentBytesMax));
  }
  return content;
}

}  // namespace tidemark::client
