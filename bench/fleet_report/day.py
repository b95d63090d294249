"""What one scenario came to, as tidemark-fleet writes it, and the figures that are made of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Self, Sequence

COUNTS = (
    "requests", "syncs", "checks", "not_modified", "pushes", "pulls", "database_reads", "database_writes", "cache_reads",
    "cache_writes", "head_cache_hits", "head_cache_misses", "answered_without_database", "bytes_sent", "bytes_received",
    "edits_made", "edits_stored", "edits_replaced", "edits_lost", "edits_rejected", "edits_waiting_at_end",
    "devices_out_of_step", "conflicts", "rate_limited", "read_paused", "quota_exhausted", "deferred_pulls", "errors")
# Of `database_reads` and `database_writes`, by whom; of `requests`, the first two.
SERVICES = ("sync", "auth", "data_set", "purge")
SERIES = ("requests", "pushes", "database_reads", "database_writes", "cache_reads", "cache_writes", "edits",
          "not_modified", "queued_edits")
FAULTS = (("errors", "errors"), ("edits_lost", "edits lost"), ("devices_out_of_step", "devices that have other tasks than the service"))
DAY_SECONDS = 24 * 3600
KB = 1024


class Failed(Exception):
    """Its text is for the person at the terminal."""


@dataclass(frozen=True)
class Tier:
    users: int
    syncs: int


@dataclass(frozen=True)
class Day:
    """Or several; the figures are those of one."""
    scenario: str
    seed: int
    users: int
    days: int
    devices_per_user: float
    settings: Mapping[str, Any]
    counts: Mapping[str, int]
    by_service: Mapping[str, Mapping[str, int]]
    # By a process of the auth service that nobody asks; in no count.
    idle_database_reads: int
    bucket_seconds: int
    series: Mapping[str, Sequence[float]]
    tiers: Mapping[str, Tier]
    real_seconds: float

    @classmethod
    def read(cls, file: Path) -> Self:
        try:
            return cls.of(json.loads(file.read_text()))
        except FileNotFoundError:
            raise Failed(f"there is no {file}; run bench/fleet without --again first") from None
        except (ValueError, KeyError, TypeError) as fault:
            raise Failed(f"{file} is not a result of tidemark-fleet: {fault!r}") from None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        day = cls(found["scenario"], found["seed"], found["users"], found["days"], found["devices_per_user"],
                  found["settings"], {name: found["counts"][name] for name in COUNTS},
                  {name: found["by_service"][name] for name in SERVICES}, found["idle_database_reads"],
                  found["series"]["bucket_seconds"], {name: found["series"][name] for name in SERIES},
                  {name: Tier(**tier) for name, tier in found["per_tier"].items()}, found["real_seconds"])
        buckets = day.days * DAY_SECONDS // day.bucket_seconds
        for name, values in day.series.items():
            if len(values) != buckets:
                raise ValueError(f"{name} has {len(values)} buckets, not {buckets}")
        return day

    def a_day(self, name: str) -> float:
        return self.counts[name] / self.days

    def per_user(self, name: str) -> float:
        return self.a_day(name) / self.users

    def by(self, service: str, name: str) -> float:
        """A day."""
        return self.by_service[service].get(name, 0) / self.days

    @property
    def queries(self) -> float:
        """A day."""
        return self.a_day("database_reads") + self.a_day("database_writes")

    @property
    def renewals(self) -> float:
        """Requests a day of the auth service, which the day's quota counts as well."""
        return self.by("auth", "requests")

    @property
    def standing_reads(self) -> float:
        """A day, however many users there are: the row that each sync process reads each second, and what auth reads idly."""
        return self.by("data_set", "database_reads") + self.idle_database_reads / self.days

    @property
    def queries_per_sync(self) -> float | None:
        return _ratio(self.queries, self.a_day("syncs"))

    @property
    def kb_per_sync(self) -> float | None:
        """With the session that was renewed for it."""
        return _ratio((self.counts["bytes_sent"] + self.counts["bytes_received"]) / KB + self.renewals_kb * self.days,
                      self.counts["syncs"])

    @property
    def renewals_kb(self) -> float:
        """A day."""
        return (self.by("auth", "bytes_sent") + self.by("auth", "bytes_received")) / KB

    @property
    def not_modified_share(self) -> float | None:
        return _ratio(self.counts["not_modified"], self.counts["syncs"])

    @property
    def answered_share(self) -> float | None:
        """Of the checks, those for which the database was not asked."""
        return _ratio(self.counts["answered_without_database"], self.counts["checks"])

    @property
    def hit_share(self) -> float | None:
        hits, misses = self.counts["head_cache_hits"], self.counts["head_cache_misses"]
        return _ratio(hits, hits + misses)

    def syncs_of(self, tier: str) -> float | None:
        """A person and day."""
        found = self.tiers.get(tier)
        return _ratio(found.syncs / self.days, found.users) if found else None

    def faults(self) -> list[str]:
        """What must not be, whatever is measured."""
        found = [f"{self.counts[name]:,} {what}" for name, what in FAULTS if self.counts[name] != 0]
        unknown = self.counts["edits_made"] - sum(self.counts[f"edits_{what}"] for what in ("stored", "replaced", "lost"))
        if unknown != 0:
            found.append(f"{unknown:,} edits of which nobody knows what became of them")
        return [f"{self.scenario}: {fault}" for fault in found]


def _ratio(part: float, whole: float) -> float | None:
    """Nothing where there is nothing to have a share of."""
    return part / whole if whole else None
