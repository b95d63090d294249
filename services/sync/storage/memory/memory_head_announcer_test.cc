#include "services/sync/storage/memory/memory_head_announcer.h"

#include "services/sync/storage/head_announcer_contract.h"

namespace tidemark::sync {
namespace {

class MemoryHeadAnnouncersUnderTest : public HeadAnnouncersUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  HeadAnnouncer& first() override { return first_; }
  HeadAnnouncer& second() override { return second_; }
  void Cut() override { bus_.Cut(); }
  void Mend() override { bus_.Mend(); }

 private:
  EventLoops loops_{1};
  AnnouncementBus bus_;
  MemoryHeadAnnouncer first_{bus_};
  MemoryHeadAnnouncer second_{bus_};
};

INSTANTIATE_TEST_SUITE_P(Memory, HeadAnnouncerContract,
                         testing::Values(+[]() -> std::unique_ptr<HeadAnnouncersUnderTest> {
                           return std::make_unique<MemoryHeadAnnouncersUnderTest>();
                         }));

}  // namespace
}  // namespace tidemark::sync
