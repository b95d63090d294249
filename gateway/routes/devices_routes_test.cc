#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using DevicesRoutesTest = GatewayTest;

const HeaderList kToken = {{"Authorization", "Bearer a.b.c"}};

TEST_F(DevicesRoutesTest, DevicesComeWithHowFarTheyHaveGot) {
  v1::ListDevicesResponse& answer = *sync_.list_devices.answer;
  v1::Device& phone = *answer.add_devices();
  phone.set_device_id("phone");
  phone.set_last_seen(9'007'199'254'740'991);
  phone.set_cursor(5);
  phone.set_changes_behind(3);
  v1::Device& desk = *answer.add_devices();
  desk.set_device_id("desk");
  desk.set_up_to_date(true);
  const http::Response response = Send("GET", "/devices", "", kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"devices":[{"device_id":"phone","last_seen":9007199254740991,"cursor":5,"up_to_date":false,)"
            R"("changes_behind":3},)"
            R"({"device_id":"desk","last_seen":0,"cursor":0,"up_to_date":true,"changes_behind":0}]})");
}

TEST_F(DevicesRoutesTest, AUserWithoutDevicesHasAnEmptyList) {
  EXPECT_EQ(Send("GET", "/devices", "", kToken).body, R"({"devices":[]})");
}

TEST_F(DevicesRoutesTest, NobodyReadsThemWithoutAToken) {
  EXPECT_EQ(Send("GET", "/devices").status, 401);
  EXPECT_TRUE(sync_.list_devices.asked.empty());
}

}  // namespace
}  // namespace tidemark::gateway
