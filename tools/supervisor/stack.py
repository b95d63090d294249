"""One whole Tidemark: what is started, in which order, with which addresses."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Coroutine

from . import leftovers, logs, ports, postgres, redis, services
from .data_dir import DataDir, format_env, write_private
from .keeper import Keeper, Program, StartFailed

PORT_NAMES = ("gateway_admin", *(name + kind for name in ("sync", "auth", "ratelimit") for kind in ("", "_admin")),
              "postgres", "redis")
PROGRAMS = (*services.PROGRAMS, *postgres.PROGRAMS, *redis.PROGRAMS)
# What an earlier supervisor left behind, being killed itself, is already on its way out.
LEFTOVER_GRACE_SECONDS = 20.0


@dataclass(frozen=True)
class Plan:
    data: DataDir
    # 0 takes a free one.
    gateway_port: int
    limits_file: Path
    binaries: Path
    web_dir: Path


class Stack:
    def __init__(self, plan: Plan, say: Callable[[str], None]):
        self._plan = plan
        self._data = plan.data
        self._say = say
        self._keepers: dict[str, Keeper] = {}
        self._started = False

    @property
    def url(self) -> str:
        return f"http://{self._wiring.addresses['gateway']}"

    @property
    def command_server(self) -> str:
        """What the command `tidemark` calls --server."""
        return f"{self._wiring.addresses['sync']},{self._wiring.addresses['auth']}"

    async def start(self) -> None:
        """Returns when every process is ready. StartFailed: some are running; call stop()."""
        self._end_leftovers()
        self._choose_addresses()
        await _all(self._start_postgres(), self._start_redis())
        await asyncio.to_thread(self._migrate)
        await _all(*(self._start_service(name) for name in services.NAMES))
        self._started = True
        self._write_env()

    async def keep(self) -> None:
        """Keeps everything alive until cancelled; raises if that went wrong."""
        await _all(logs.keep_rotating(self._data.logs), *(keeper.keep() for keeper in self._keepers.values()))

    async def stop(self) -> None:
        """From the edge inwards, so that each process drains while those it calls still answer."""
        for names in (["gateway"], ["sync", "auth"], ["ratelimit"], ["redis"], ["postgres"]):
            await asyncio.gather(*(self._keepers[name].stop() for name in names if name in self._keepers))
        self._data.env_file.unlink(missing_ok=True)

    def hurry(self) -> None:
        for keeper in self._keepers.values():
            keeper.hurry()

    def _end_leftovers(self) -> None:
        self._data.env_file.unlink(missing_ok=True)
        for folder in (self._data.path, (self._data.path / "postgres").resolve()):
            leftovers.end(folder, PROGRAMS, LEFTOVER_GRACE_SECONDS)

    def _choose_addresses(self) -> None:
        last = self._data.read_ports()
        gateway = self._plan.gateway_port
        if gateway and not ports.is_free(gateway):
            raise StartFailed(f"Port {gateway} is taken by another program. Name another one: ./run --port {gateway + 1}")
        names = PORT_NAMES if gateway else ("gateway", *PORT_NAMES)
        chosen = ports.choose(names, last) | ({"gateway": gateway} if gateway else {})
        self._data.write_ports(chosen)
        self._postgres = postgres.Address(ports.HOST, chosen["postgres"])
        self._redis_port = chosen["redis"]
        secret = self._data.secret
        self._wiring = services.Wiring(
            binaries=self._plan.binaries,
            web_dir=self._plan.web_dir,
            limits_file=self._plan.limits_file,
            addresses={name: f"{ports.HOST}:{chosen[name]}" for name in services.NAMES},
            admin_addresses={name: f"{ports.HOST}:{chosen[name + '_admin']}" for name in services.NAMES},
            postgres_url=self._postgres.url(postgres.SERVICE, secret("postgres_service_password")),
            postgres_owner_url=self._postgres.url(postgres.OWNER, secret("postgres_owner_password")),
            redis_url=redis.url(ports.HOST, self._redis_port),
            service_token=secret("service_token"),
            master_key=secret("master_key"))

    async def _start_postgres(self) -> None:
        folder, log, secret = self._data.path / "postgres", self._data.log("postgres-setup"), self._data.secret
        superuser = secret("postgres_superuser_password")
        await asyncio.to_thread(postgres.ensure_cluster, folder, superuser, log, self._say)
        await self._start(postgres.program(folder, self._postgres))
        await asyncio.to_thread(postgres.ensure_roles, self._postgres, superuser,
                                secret("postgres_owner_password"), secret("postgres_service_password"), log)

    async def _start_redis(self) -> None:
        await self._start(redis.program(self._data.path / "redis", ports.HOST, self._redis_port))

    async def _start_service(self, name: str) -> None:
        folder = self._data.path / name
        folder.mkdir(exist_ok=True)
        await self._start(services.program(name, self._wiring, folder))

    async def _start(self, program: Program) -> None:
        keeper = Keeper(program, self._data.log(program.name), self._say, self._write_env)
        self._keepers[program.name] = keeper
        await keeper.start()

    def _migrate(self) -> None:
        for name in ("auth", "sync"):
            argv, env = services.migrate_command(name, self._wiring)
            postgres.run_logged(argv, self._data.log("migrate"), env)

    def _write_env(self) -> None:
        """Anew at each start of a process, so that the pids stay true."""
        if not self._started:
            return
        wiring = self._wiring
        values: dict[str, object] = {
            "TIDEMARK_URL": self.url,
            "TIDEMARK_SYNC_ADDRESS": wiring.addresses["sync"],
            "TIDEMARK_AUTH_ADDRESS": wiring.addresses["auth"],
            "TIDEMARK_SERVER": self.command_server,
            "TIDEMARK_RATELIMIT_ADDRESS": wiring.addresses["ratelimit"],
            "TIDEMARK_POSTGRES_URL": wiring.postgres_url,
            "TIDEMARK_POSTGRES_OWNER_URL": wiring.postgres_owner_url,
            "TIDEMARK_REDIS_URL": wiring.redis_url,
            "TIDEMARK_SERVICE_TOKEN": wiring.service_token,
        }
        for name in reversed(services.NAMES):
            values[f"TIDEMARK_{name.upper()}_ADMIN"] = wiring.admin_addresses[name]
        for name, keeper in self._keepers.items():
            values[f"TIDEMARK_{name.upper()}_PID"] = keeper.pid
        write_private(self._data.env_file, format_env(values))


async def _all(*work: Coroutine) -> None:
    """Waits for all of them; the first that fails ends the rest."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
