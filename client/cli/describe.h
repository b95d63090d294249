// The library's values as JSON and as words.
#pragma once

#include <string>
#include <vector>

#include "client/sync_manager.h"

namespace tidemark::cli {

std::string ToJson(const client::Task& task);
std::string ToJson(const std::vector<client::Task>& tasks);
std::string ToJson(const client::SyncStatus& status);
std::string ToJson(const client::FieldValue& value);

std::string NameOf(client::Field field);
std::string NameOf(client::SyncStatus::State state);
std::string NameOf(client::Reason reason);

// "this device", "device 1a2b3c4d".
std::string InWords(const DeviceId& device, const DeviceId& own);
// "text", "done", "pinned", "deleted".
std::string InWords(client::Field field);
// "done", "not pinned", a text: what a field was set to.
std::string InWords(client::Field field, const client::FieldValue& value);

// On one line: "online, live, 2 edits waiting".
std::string InWords(const client::SyncStatus& status);

}  // namespace tidemark::cli
