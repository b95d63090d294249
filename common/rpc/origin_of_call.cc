#include "common/rpc/origin_of_call.h"

#include <cstring>
#include <iterator>
#include <string_view>
#include <type_traits>

#include "common/rpc/context.h"

namespace tidemark::rpc {
namespace {

// The bytes of a Span. What a caller sends under this name is dropped by Settle.
constexpr char kSpan[] = "tidemark-span";
static_assert(std::is_trivially_copyable_v<Span>);

grpc::string_ref Ref(std::string_view text) { return {text.data(), text.size()}; }

// Empty: none, or more than one.
std::string_view SoleValueOf(const Metadata& metadata, std::string_view key) {
  const auto [begin, end] = metadata.equal_range(Ref(key));
  if (begin == end || std::next(begin) != end) return "";
  return {begin->second.data(), begin->second.size()};
}

std::string_view FirstValueOf(const Metadata& metadata, std::string_view key) {
  const auto found = metadata.lower_bound(Ref(key));
  if (found == metadata.end() || found->first != Ref(key)) return "";
  return {found->second.data(), found->second.size()};
}

}  // namespace

Origin OriginOfCall(const Metadata& metadata) {
  const std::string_view settled = SoleValueOf(metadata, kSpan);
  if (settled.size() == sizeof(Span)) {
    Origin origin{.request_id = std::string(FirstValueOf(metadata, kRequestId))};
    std::memcpy(&origin.span, settled.data(), sizeof(Span));
    return origin;
  }
  return OriginOf(FirstValueOf(metadata, kRequestId), SoleValueOf(metadata, kTraceparent));
}

SettledOrigin::SettledOrigin() : origin_(OriginOf("", "")) {}

void SettledOrigin::Settle(Metadata& metadata) {
  metadata.erase(kSpan);
  origin_ = OriginOfCall(metadata);
  metadata.erase(Ref(kRequestId));
  metadata.emplace(Ref(kRequestId), Ref(origin_.request_id));
  metadata.emplace(Ref(kSpan), Ref({reinterpret_cast<const char*>(&origin_.span), sizeof(Span)}));
}

}  // namespace tidemark::rpc
