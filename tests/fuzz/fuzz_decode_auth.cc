// The bodies of the /auth routes: each input is tried as each of them.
#include "gateway/json/auth_codec.h"
#include "gateway/json/auth_shapes.h"
#include "tests/fuzz/decoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidemark;
  using namespace tidemark::gateway;
  const std::string_view body = fuzz::TextOf(data, size);
  fuzz::CheckDecoder(body, &DecodeRegisterRequest, kShape<v1::RegisterRequest>);
  fuzz::CheckDecoder(body, &DecodeLoginRequest, kShape<v1::LoginRequest>);
  fuzz::CheckDecoder(body, &DecodeRefreshRequest, kShape<v1::RefreshRequest>);
  fuzz::CheckDecoder(body, &DecodeLogoutRequest, kShape<v1::LogoutRequest>);
  fuzz::CheckDecoder(body, &DecodeChangePasswordRequest, kShape<v1::ChangePasswordRequest>);
  fuzz::CheckDecoder(body, &DecodeDeleteAccountRequest, kShape<v1::DeleteAccountRequest>);
  return 0;
}
