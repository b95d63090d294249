"""What one measurement found, and what a series of them says."""

import dataclasses
import statistics
from dataclasses import dataclass, field
from typing import Mapping, Sequence


@dataclass(frozen=True)
class Outcome:
    """What the one who asked saw."""
    requests: int
    seconds: float
    errors: int = 0
    # Milliseconds, by quantile: "p50", "p90", "p99".
    latency: Mapping[str, float] = field(default_factory=dict)
    bytes_sent: float = 0.0
    bytes_received: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Sample:
    outcome: Outcome
    # Seconds of processor time, by process.
    cpu: Mapping[str, float]

    def cpu_ms(self, process: str | None = None) -> float:
        """Per request; of all processes unless one is named."""
        seconds = sum(self.cpu.values()) if process is None else self.cpu.get(process, 0.0)
        return 1000 * seconds / max(1, self.outcome.requests)


    def without(self, beginning: "Sample") -> "Sample":
        """What was asked after the beginning, and what that alone cost."""
        outcome = dataclasses.replace(self.outcome, requests=self.outcome.requests - beginning.outcome.requests)
        return Sample(outcome, {name: max(0.0, spent - beginning.cpu[name]) for name, spent in self.cpu.items()})


@dataclass(frozen=True)
class Series:
    samples: Sequence[Sample]

    def cpu_ms(self, process: str | None = None) -> float:
        return statistics.median(sample.cpu_ms(process) for sample in self.samples)

    def rate(self) -> float:
        return statistics.median(sample.outcome.rate for sample in self.samples)

    def latency(self, quantile: str) -> float | None:
        found = [sample.outcome.latency[quantile] for sample in self.samples if quantile in sample.outcome.latency]
        return statistics.median(found) if found else None

    def errors(self) -> int:
        return sum(sample.outcome.errors for sample in self.samples)

    def requests(self) -> int:
        return sum(sample.outcome.requests for sample in self.samples)

    def bytes_sent(self) -> float:
        return statistics.median(sample.outcome.bytes_sent for sample in self.samples)

    def bytes_received(self) -> float:
        return statistics.median(sample.outcome.bytes_received for sample in self.samples)

    def spread(self) -> float:
        """How far the rounds' processor times lie apart, as a share of their median."""
        found = [sample.cpu_ms() for sample in self.samples]
        median = statistics.median(found)
        return (max(found) - min(found)) / median if median else 0.0
