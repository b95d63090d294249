// The tables of GET /status.json.
#pragma once

#include "gateway/json/shape.h"
#include "gateway/json/sync_shapes.h"
#include "tidemark/v1/status.pb.h"

namespace tidemark::gateway {

template <>
inline constexpr std::array kNames<v1::DependencyState> = {
    EnumName<v1::DependencyState>{v1::DEPENDENCY_STATE_UNSPECIFIED, "unknown"},
    EnumName<v1::DependencyState>{v1::DEPENDENCY_STATE_ANSWERS, "answers"},
    EnumName<v1::DependencyState>{v1::DEPENDENCY_STATE_AWAY, "away"},
};

template <>
inline constexpr auto kShape<v1::DependencyStatus> = ShapeOf<v1::DependencyStatus>(TIDEMARK_JSON(name),
                                                                                   TIDEMARK_JSON(state),
                                                                                   TIDEMARK_JSON(since));

template <>
inline constexpr auto kShape<v1::ProcessStatus> = ShapeOf<v1::ProcessStatus>(TIDEMARK_JSON(name),
                                                                             TIDEMARK_JSON(instance),
                                                                             TIDEMARK_JSON(version),
                                                                             TIDEMARK_JSON(started_at),
                                                                             TIDEMARK_JSON(dependencies));

template <>
inline constexpr auto kShape<v1::CacheTierStatus> = ShapeOf<v1::CacheTierStatus>(TIDEMARK_JSON(name),
                                                                                 TIDEMARK_JSON(reads),
                                                                                 TIDEMARK_JSON(hits));

// The quota may be null, which no table says.
inline constexpr auto kStatusBeforeQuota =
    ShapeOf<v1::GetStatusResponse>(TIDEMARK_JSON(processes), TIDEMARK_JSON(cache_tiers));

}  // namespace tidemark::gateway
