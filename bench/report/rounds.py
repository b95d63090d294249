"""What is measured round by round."""

from dataclasses import dataclass
from typing import Callable, Mapping, Sequence

from .processes import cpu_seconds
from .samples import Outcome, Sample, Series


@dataclass(frozen=True)
class Measurement:
    name: str
    ask: Callable[[], Outcome]
    # Whose processor time counts.
    pids: Mapping[str, int]
    # Asks as little as can be, to learn what beginning costs: it does not count.
    begin: Callable[[], Outcome] | None = None
    is_floor: bool = False

    def sample(self) -> Sample:
        if self.begin is None:
            return self._whole(self.ask)
        return self._whole(self.ask).without(self._whole(self.begin))

    def _whole(self, ask: Callable[[], Outcome]) -> Sample:
        before = cpu_seconds(self.pids)
        outcome = ask()
        after = cpu_seconds(self.pids)
        return Sample(outcome, {name: after[name] - before[name] for name in self.pids})


def measure(plan: Sequence[Measurement], rounds: int, say: Callable[[str], None]) -> dict[str, Series]:
    """Round by round, so that what else the machine does meets all of them alike."""
    samples: dict[str, list[Sample]] = {measurement.name: [] for measurement in plan}
    for number in range(1, rounds + 1):
        for measurement in plan:
            sample = measurement.sample()
            samples[measurement.name].append(sample)
            say(f"Round {number} of {rounds}: {measurement.name}: {sample.cpu_ms():.4f} ms, "
                f"{sample.outcome.rate:,.0f}/s")
    return {name: Series(found) for name, found in samples.items()}
