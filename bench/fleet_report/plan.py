"""Which scenarios are run, in which order, and with how many people."""

from dataclasses import dataclass

USERS, SEED = 30_000, 1
HOUR = 3600
# The product's default is among them; 300 s is the documented one.
LIFETIMES = (300, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR)
# How many of the people are enough for a share.
LIFETIME_PEOPLE = 0.1
DEVICES_PEOPLE = 0.2


@dataclass(frozen=True)
class Run:
    """`name` is that of its result; `settings` differ from those of the scenario."""
    name: str
    scenario: str
    # Of the people.
    share: float = 1.0
    settings: tuple[tuple[str, str], ...] = ()
    # About how many times a person syncs: how much of the whole it is.
    weight: float = 3.2

    def users(self, of: int) -> int:
        return max(1, round(of * self.share))


MIGRATION = ("v1", "etag", "hash_cache", "final", "degraded")
_DAYS = (
    Run("v1", "v1", weight=15),
    Run("etag", "etag", weight=15),
    Run("hash_cache", "hash_cache", weight=15),
    Run("final", "final"),
    Run("final_300s", "final_300s"),
    Run("degraded", "degraded", weight=6.4),
    Run("v1_devices", "v1_devices", DEVICES_PEOPLE, weight=30 * DEVICES_PEOPLE),
    Run("devices", "devices", DEVICES_PEOPLE, weight=6.4 * DEVICES_PEOPLE),
)
SCENARIOS = tuple(run.scenario for run in _DAYS)


def lifetime_name(seconds: int) -> str:
    return f"lifetime_{seconds}"


def whole() -> tuple[Run, ...]:
    return _DAYS + tuple(_with_lifetime(seconds) for seconds in LIFETIMES)


def _with_lifetime(seconds: int) -> Run:
    """As many days as a head is kept for: what was cached on the day before ends within them."""
    days = max(1, seconds // (24 * HOUR))
    return Run(lifetime_name(seconds), "final", LIFETIME_PEOPLE, (("cache_lifetime_seconds", str(seconds)), ("days", str(days))),
               3.2 * LIFETIME_PEOPLE * days)


def only(scenarios: list[str]) -> tuple[Run, ...]:
    return tuple(run for run in _DAYS if run.scenario in scenarios)
