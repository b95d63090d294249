// gRPC's own messages as lines of our log.
#pragma once

namespace tidemark::rpc {

// Before the first channel or server is made. Calling it again does nothing.
void LogGrpcAsJson();

}  // namespace tidemark::rpc
