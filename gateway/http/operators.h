// Who may see how the whole service is: whoever has the operator's token or, where none is set, asks from
// this machine itself.
//
//   Operators operators(settings.operator_token);
//   router.Add("GET", "/status", operators.Only(handler));
#pragma once

#include <string>

#include "absl/status/status.h"
#include "gateway/http/exchange.h"

namespace tidemark::gateway {

// Thread-safe.
class Operators {
 public:
  // Empty: only this machine.
  explicit Operators(std::string token) : token_(std::move(token)) {}

  // `next` for those who may; for others 401 where a token would help, else 404. This outlives the handler.
  RouteHandler Only(RouteHandler next) const;

  // OK: may. NOT_FOUND not_found, UNAUTHENTICATED missing_token or invalid_token: may not.
  absl::Status Check(const Exchange& exchange) const;

 private:
  const std::string token_;
};

// The request was made on this machine, and for this machine: by a peer on loopback, for a client on loopback
// as far as proxies tell (X-Forwarded-For of whomever, X-Real-IP; what names a proxy without saying for whom
// it asks is none of ours), and under a name of loopback (Host), which keeps out pages elsewhere that have
// their own name point here. Pages that may call the API (--cors-origins) may not call this: their requests
// have another Origin than those of our own page.
bool IsFromHere(const Exchange& exchange);

}  // namespace tidemark::gateway
