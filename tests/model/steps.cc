#include "tests/model/steps.h"

#include <utility>

#include "tests/model/stepping.h"

namespace tidemark::model {

Small Stepping::FreeToken() const {
  unsigned used = 0;
  for (const Space& space : now_.spaces) used |= space.key.tokens;
  for (const Writer& writer : now_.writers) used |= writer.fence > 0 ? 1U << (writer.fence - 1) : 0U;
  for (const Reader& reader : now_.readers) used |= HoldsLease(reader) ? 1U << reader.lease : 0U;
  Small token = 0;
  while (used & (1U << token)) ++token;
  return token;
}

std::vector<Step> StepsFrom(const State& state, Mistake mistake) {
  Stepping stepping(state, mistake);
  for (std::size_t i = 0; i < kWriters; ++i) AddWriterSteps(stepping, i);
  for (std::size_t i = 0; i < kReaders; ++i) AddReaderSteps(stepping, i);
  AddWorldSteps(stepping);
  return std::move(stepping.steps());
}

}  // namespace tidemark::model
