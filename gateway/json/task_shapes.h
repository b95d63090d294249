// The JSON of task.proto's messages (SPEC 3.1, 3.3, 5.5). For the .cc files of this folder, and for tests.
#pragma once

#include "gateway/json/shape.h"
#include "tidemark/v1/task.pb.h"

namespace tidemark::gateway {

template <>
inline constexpr std::array kNames<v1::Field> = {
    EnumName<v1::Field>{v1::FIELD_UNSPECIFIED, "unknown"},
    EnumName<v1::Field>{v1::FIELD_CONTENT, "content"},
    EnumName<v1::Field>{v1::FIELD_COMPLETED, "completed"},
    EnumName<v1::Field>{v1::FIELD_PINNED, "pinned"},
    EnumName<v1::Field>{v1::FIELD_DELETED_AT, "deleted_at"},
};

template <>
inline constexpr std::array kNames<v1::Winner> = {
    EnumName<v1::Winner>{v1::WINNER_SERVER, "server"},
    EnumName<v1::Winner>{v1::WINNER_CLIENT, "client"},
};

template <>
inline constexpr std::array kNames<v1::Reason> = {
    EnumName<v1::Reason>{v1::REASON_OVERWRITTEN, "overwritten"},
    EnumName<v1::Reason>{v1::REASON_CONFLICT, "conflict"},
    EnumName<v1::Reason>{v1::REASON_DELETED, "deleted"},
};

// The value alone, without an object around it.
void WriteMessage(JsonWriter& json, const v1::FieldValue& value);
absl::Status ReadMessage(const Node& node, v1::FieldValue& value);

// Only what was edited. deleted_at: null restores, which the message says with a present 0.
template <>
inline constexpr auto kShape<v1::Change> = ShapeOf<v1::Change>(
    TIDEMARK_JSON(id).Required(), TIDEMARK_JSON(mutation_id), TIDEMARK_JSON(version).Required(),
    TIDEMARK_JSON(updated_at).Required(), TIDEMARK_JSON(device_id), TIDEMARK_JSON(created_at),
    TIDEMARK_JSON(content), TIDEMARK_JSON(completed), TIDEMARK_JSON(pinned),
    TIDEMARK_JSON(deleted_at).NullIfZero());

// Only what changed.
template <>
inline constexpr auto kShape<v1::Task> = ShapeOf<v1::Task>(TIDEMARK_JSON(id), TIDEMARK_JSON(version),
                                                           TIDEMARK_JSON(updated_at),
                                                           TIDEMARK_JSON(device_id),
                                                           TIDEMARK_JSON(created_at), TIDEMARK_JSON(content),
                                                           TIDEMARK_JSON(completed), TIDEMARK_JSON(pinned),
                                                           TIDEMARK_JSON(deleted_at).NullIfZero());

// Every member of SPEC 3.1.
template <typename Message, typename CreatedAt>
constexpr auto FullTaskShape(CreatedAt created_at) {
  return ShapeOf<Message>(
      TIDEMARK_JSON(id).Required(), created_at, TIDEMARK_JSON(updated_at).Required(),
      TIDEMARK_JSON(deleted_at).Always().NullIfZero(), TIDEMARK_JSON(content).Required().Always(),
      TIDEMARK_JSON(completed).Required().Always(), TIDEMARK_JSON(pinned).Required().Always(),
      TIDEMARK_JSON(version).Required(), TIDEMARK_JSON(device_id).Required());
}
// As it is told …
inline constexpr auto kFullTask =
    FullTaskShape<v1::Task>(TIDEMARK_JSON(created_at).Always().From([](const auto& task) {
      return task.has_created_at() ? task.created_at() : task.updated_at();
    }));
// … and as V1 pushes it.
inline constexpr auto kFullChange = FullTaskShape<v1::Change>(TIDEMARK_JSON(created_at));

template <>
inline constexpr auto kShape<v1::FieldEdit> = ShapeOf<v1::FieldEdit>(TIDEMARK_JSON(value),
                                                                     TIDEMARK_JSON(updated_at),
                                                                     TIDEMARK_JSON(device_id));

template <>
inline constexpr auto kShape<v1::Conflict> = ShapeOf<v1::Conflict>(TIDEMARK_JSON(id), TIDEMARK_JSON(field),
                                                                   TIDEMARK_JSON(winner), TIDEMARK_JSON(kept),
                                                                   TIDEMARK_JSON(discarded),
                                                                   TIDEMARK_JSON(at));

template <>
inline constexpr auto kShape<v1::Rejected> = ShapeOf<v1::Rejected>(TIDEMARK_JSON(id),
                                                                   TIDEMARK_JSON(mutation_id),
                                                                   TIDEMARK_JSON(code),
                                                                   TIDEMARK_JSON(detail));

template <>
inline constexpr auto kShape<v1::HistoryEntry> = ShapeOf<v1::HistoryEntry>(
    TIDEMARK_JSON(field), TIDEMARK_JSON(value), TIDEMARK_JSON(version), TIDEMARK_JSON(updated_at),
    TIDEMARK_JSON(device_id), TIDEMARK_JSON(at), TIDEMARK_JSON(reason));

}  // namespace tidemark::gateway
