// The schema `sync`, as the numbered SQL files beside this header; embedded by tidemark_embed_sql.
#pragma once

#include <vector>

#include "common/pg/migrate.h"

namespace tidemark::sync {

const std::vector<pg::Migration>& Migrations();

}  // namespace tidemark::sync
