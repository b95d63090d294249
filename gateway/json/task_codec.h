// What both protocols' codecs share: changes in, tasks and conflicts out (SPEC 3.1, 3.3). For the .cc files
// of this folder.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "gateway/json/reader.h"
#include "gateway/json/sync_codec.h"
#include "gateway/json/writer.h"
#include "tidemark/v1/task.pb.h"

namespace tidemark::gateway {

// deleted_at: null restores, which the message says with a present 0.
absl::Status ReadDeletedAt(const Node& node, v1::Change& change);

// Reads an array of at most kChangesMax changes.
absl::Status ReadChanges(const Node& node, std::span<const Member<v1::Change>> members,
                         google::protobuf::RepeatedPtrField<v1::Change>& changes);

// As JSON names it.
std::string_view NameOf(v1::Field field);
void WriteValue(JsonWriter& json, const v1::FieldValue& value);

// Only the members that are present, which are those that changed.
void WriteChangedTask(JsonWriter& json, const v1::Task& task);
void WriteFullTask(JsonWriter& json, const v1::Task& task);
void WriteConflicts(JsonWriter& json, const google::protobuf::RepeatedPtrField<v1::Conflict>& conflicts);

}  // namespace tidemark::gateway
