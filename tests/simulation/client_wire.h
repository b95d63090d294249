// Between the client's types and the service's: what the transport does with messages, without messages.
#pragma once

#include "client/domain/protocol.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

Request ToRequest(const client::Ask& ask);
client::Answer ToClient(const Answer& answer);

sync::PerField<std::optional<sync::FieldValue>> ToFields(const client::Fields& fields);
// A row as the service would tell it whole.
sync::TaskUpdate ToUpdate(const client::Row& row);

inline sync::Field ToField(client::Field field) { return sync::kFields[static_cast<std::size_t>(field)]; }

}  // namespace tidemark::simulation
