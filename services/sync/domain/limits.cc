#include "services/sync/domain/limits.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"

namespace tidemark::sync {
namespace {

bool IsIdentifierByte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == ':' || c == '-';
}

std::string IdentifierRule(std::size_t bytes_max) {
  return absl::StrCat("must be 1 to ", bytes_max, " characters of A-Z a-z 0-9 _ . : -");
}

std::optional<Flaw> FindContentFlaw(const std::string& content) {
  if (content.size() > kContentBytesMax) {
    return Flaw{
        "content_too_long",
        absl::StrCat("content is ", content.size(), " bytes, at most ", kContentBytesMax, " are kept"),
        "content"};
  }
  if (content.find('\0') != std::string::npos || !text::IsUtf8(content)) {
    return Flaw{"bad_content", "content must be UTF-8 without NUL", "content"};
  }
  return std::nullopt;
}

std::optional<Flaw> FindTimeFlaw(const Change& change) {
  const auto flaw = [](std::string_view member) {
    return Flaw{"bad_time", absl::StrCat(std::string(member), " must be Unix milliseconds, 0 to 2^53-1"),
                member};
  };
  if (!IsTime(change.updated_at.value)) return flaw("updated_at");
  if (change.created_at && !IsTime(change.created_at->value)) return flaw("created_at");
  const std::optional<FieldValue>& deleted_at = change.fields[Field::kDeletedAt];
  if (deleted_at && !IsTime(std::get<UnixMillis>(*deleted_at).value)) return flaw("deleted_at");
  return std::nullopt;
}

}  // namespace

bool IsIdentifier(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && std::all_of(text.begin(), text.end(), IsIdentifierByte);
}

bool IsTime(int64_t millis) { return millis >= 0 && millis <= kUnixMillisMax; }

std::optional<Flaw> FindWriterFlaw(const Change& change) {
  if (!IsIdentifier(change.device.value(), kDeviceIdBytesMax)) {
    return Flaw{"bad_device_id", IdentifierRule(kDeviceIdBytesMax), "device_id"};
  }
  if (change.mutation && (change.mutation->value < 1 || change.mutation->value > kUnixMillisMax)) {
    return Flaw{"bad_mutation_id", "mutation_id must be 1 to 2^53-1", "mutation_id"};
  }
  return std::nullopt;
}

std::optional<Flaw> FindFlaw(const Change& change) {
  if (!IsIdentifier(change.id.value(), kTaskIdBytesMax))
    return Flaw{"bad_id", IdentifierRule(kTaskIdBytesMax), "id"};
  if (std::optional<Flaw> flaw = FindWriterFlaw(change)) return flaw;
  if (change.version.value < 1 || change.version.value > kVersionMax) {
    return Flaw{"bad_version", absl::StrCat("version must be 1 to ", kVersionMax), "version"};
  }
  if (std::optional<Flaw> flaw = FindTimeFlaw(change)) return flaw;
  const std::optional<FieldValue>& content = change.fields[Field::kContent];
  return content ? FindContentFlaw(std::get<std::string>(*content)) : std::nullopt;
}

}  // namespace tidemark::sync
