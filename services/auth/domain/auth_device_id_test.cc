#include <gtest/gtest.h>

#include "common/status/error.h"
#include "services/auth/domain/device_id.h"

namespace tidemark::auth {
namespace {

TEST(DeviceId, HasTheAlphabetOfIds) { EXPECT_TRUE(CheckDeviceId("Desktop_main.2:a-b").ok()); }

TEST(DeviceId, HasOneTo64Characters) {
  EXPECT_FALSE(CheckDeviceId("").ok());
  EXPECT_TRUE(CheckDeviceId(std::string(64, 'd')).ok());
  EXPECT_FALSE(CheckDeviceId(std::string(65, 'd')).ok());
}

TEST(DeviceId, RefusesOtherCharactersByPointer) {
  for (const char* device : {"my phone", "a/b", "t\xc3\xa9l\xc3\xa9phone", "a\nb"}) {
    absl::Status status = CheckDeviceId(device);
    ASSERT_FALSE(status.ok()) << device;
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kValidation);
    EXPECT_EQ(ErrorInfoOf(status).details.pointer, "/device_id");
  }
}

}  // namespace
}  // namespace tidemark::auth
