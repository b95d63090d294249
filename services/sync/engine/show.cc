#include <optional>

#include "services/sync/engine/engine.h"

namespace tidemark::sync {

void Engine::Show(metrics::Readings& readings) {
  readings.Gauge("tidemark_watch_streams", "Streams open that are told each new head.", {},
                 [this] { return static_cast<double>(watches_.streams()); });
  readings.Gauge("tidemark_cache_generation",
                 "The generation of cached heads; each push that could not put its fence raises it.", {},
                 [this]() -> std::optional<double> {
                   const std::optional<DataSetState> state = data_set_.Last();
                   if (!state) return std::nullopt;
                   return static_cast<double>(state->generation);
                 });
  readings.Gauge("tidemark_cache_suspended",
                 "1 while cached heads are not used, as a push could not put its fence, else 0.", {},
                 [this]() -> std::optional<double> {
                   const std::optional<DataSetState> state = data_set_.Last();
                   if (!state) return std::nullopt;
                   return state->suspended_for > absl::ZeroDuration() ? 1 : 0;
                 });
}

}  // namespace tidemark::sync
