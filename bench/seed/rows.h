// What a user's device would have left in PostgreSQL had it pushed the user's tasks one by one, as lines of
// COPY. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/users/device.h"
#include "common/clock/clock.h"

namespace tidemark::bench {

// The tables with the columns of the lines below.
extern const char kHeadTable[];
extern const char kTaskTable[];
extern const char kDeviceTable[];

// Appends one that was pushed at `stamp`, under the name of `number`. `content` has nothing in it that COPY
// would have escaped.
void AppendTask(std::string_view user, int64_t number, int64_t stamp, std::string_view content,
                std::string& lines);

// Appends the `tasks` of `user`, of which the last was pushed at `pushed_at`.
void AppendTasks(std::string_view user, int64_t tasks, UnixMillis pushed_at, std::string& lines);

// The device that pushed them and has stored every answer.
DeviceState StateAfter(int64_t tasks, UnixMillis pushed_at);
std::string HeadLine(std::string_view user, const DeviceState& state);
std::string DeviceLine(std::string_view user, const DeviceState& state);

}  // namespace tidemark::bench
