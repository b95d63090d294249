// What Prometheus' own libraries tell of every process, under their names: process_*; and which build it is.
#pragma once

#include <string>

#include "common/metrics/metrics.h"

namespace tidemark::metrics {

// From /proc/self; what cannot be read there is not shown.
void ShowProcess(Readings& readings, const std::string& version);

}  // namespace tidemark::metrics
