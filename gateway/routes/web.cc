#include "gateway/routes/web.h"

#include "gateway/routes/static_file.h"

namespace tidemark::gateway {

void AddWebRoutes(Router& router, const StaticFiles& files) {
  for (const auto& [path, file] : files.all()) router.Add("GET", path, ServesFile(file), "web");
}

}  // namespace tidemark::gateway
