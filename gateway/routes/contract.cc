#include "gateway/routes/contract.h"

#include "gateway/openapi/contract.h"
#include "gateway/routes/static_file.h"

namespace tidemark::gateway {

StaticFiles ContractFiles() {
  const Contract& contract = TheContract();
  StaticFiles files;
  files.Add("/openapi.json", "application/json", contract.json);
  files.Add("/docs", "text/html; charset=utf-8", contract.page);
  files.Add("/docs/style.css", "text/css; charset=utf-8", contract.style);
  return files;
}

void AddContractRoutes(Router& router, const StaticFiles& files) {
  for (const auto& [path, file] : files.all()) router.Add("GET", path, ServesFile(file));
}

}  // namespace tidemark::gateway
