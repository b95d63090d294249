// Questions and answers of a sync as the SPEC writes them in JSON, in the client's own types.
#pragma once

#include <boost/json.hpp>

#include "client/domain/protocol.h"
#include "client/store/local_store.h"

namespace tidemark::scenarios {

// {"check": {…}}, {"sync": {…}} or {"v1_sync": {…}}.
boost::json::object Written(const client::Ask& ask);

// {"not_modified": …} answers a check, {"error": {"code", "retry_after"}} anything, the rest is an answer of
// POST /sync (or, for `v1`, of POST /v1/sync).
client::Answer ReadAnswer(const boost::json::object& answer, bool v1);

client::Update ReadUpdate(const boost::json::object& task);

}  // namespace tidemark::scenarios
