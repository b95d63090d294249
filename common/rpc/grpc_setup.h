// What is set for gRPC as a whole: its messages are lines of our log, and Debian's Abseil, which is built for
// debugging, does not look for deadlocks at each of its locks.
#pragma once

namespace tidemark::rpc {

// Before the first channel or server is made. Calling it again does nothing.
void SetUpGrpc();

}  // namespace tidemark::rpc
