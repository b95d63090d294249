#include "services/ratelimit/storage/outage_log.h"

#include <utility>

#include "common/log/log.h"

namespace tidemark::ratelimit {

OutageLog::OutageLog(std::string dependency) : dependency_(std::move(dependency)) {}

void OutageLog::Note(const absl::Status& status, const Origin& origin) {
  const bool away = !status.ok();
  if (away_.exchange(away) == away) return;
  if (away) {
    log::Warning(dependency_ + "_lost", {{"status", status.ToString()}}, origin);
  } else {
    log::Info(dependency_ + "_back", {}, origin);
  }
}

}  // namespace tidemark::ratelimit
