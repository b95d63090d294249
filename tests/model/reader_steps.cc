// A check as engine/heads.cc does it: reads the generation, the cache, and if it must the head row, and
// fills.
#include "tests/model/stepping.h"

namespace tidemark::model {
namespace {

namespace rules = sync::head_cache_rules;
using At = Reader::At;

class ReaderSteps {
 public:
  ReaderSteps(Stepping& stepping, std::size_t i)
      : stepping_(stepping), now_(stepping.now()), i_(i), reader_(now_.readers[i]) {}

  void Add() {
    switch (reader_.at) {
      case At::kIdle:
        return Begin();
      case At::kToReadCache:
        return ReadCache();
      case At::kToReadHead:
        ReadHead();
        break;
      case At::kToFill:
        Fill();
        break;
    }
    Next("dies", {});
  }

 private:
  Step& Next(std::string_view what, const Reader& reader) {
    static constexpr std::string_view kNames[kReaders] = {"reader 1", "reader 2"};
    Step& next = stepping_.Add(kNames[i_], what);
    next.to.readers[i_] = reader;
    return next;
  }

  // One whose reading says suspended reads the head row and nothing else.
  void Begin() {
    if (!stepping_.Newest().is_suspended) Next("begins", First(stepping_.Newest()));
    if (now_.is_young && !stepping_.Old().is_suspended) {
      Next("begins by an old reading", First(stepping_.Old()));
    }
  }
  Reader First(const Reading& reading) const {
    return {.at = At::kToReadCache, .generation = reading.generation, .head = now_.head};
  }

  void ReadCache() {
    const Small token = stepping_.FreeToken();
    Step& next = Next("finds nothing to answer with, and reads the head row", {});
    sync::CacheRead read;
    Apply(next.to, reader_.generation, [&](rules::Content& key, rules::Warmth warmth) {
      read = rules::Read(key, warmth, TokenName(token));
    });
    if (read.head) {
      next.what = "answers from the cache";
      next.answer = Answer{.head = NumberOf(*read.head), .newest_at_begin = reader_.head};
    } else if (read.lease) {
      next.what = "finds nothing and leaves its lease";
      next.to.readers[i_] = {.at = At::kToReadHead, .generation = reader_.generation, .lease = token};
    }
  }

  void ReadHead() {
    Reader read = reader_;
    read.at = At::kToFill;
    read.head = now_.head;
    Next("reads the head row", read);
  }

  void Fill() {
    Apply(Next("fills", {}).to, reader_.generation, [&](rules::Content& key, rules::Warmth) {
      if (stepping_.Has(Mistake::kFillComparesNothing)) key = rules::Lease{TokenName(reader_.lease)};
      rules::Fill(key, TokenName(reader_.lease), HeadOf(reader_.head));
    });
  }

  Stepping& stepping_;
  const State& now_;
  const std::size_t i_;
  const Reader& reader_;
};

}  // namespace

void AddReaderSteps(Stepping& stepping, std::size_t reader) { ReaderSteps(stepping, reader).Add(); }

}  // namespace tidemark::model
