"""Attack the service and see what it costs it: ``python -m tests.bench.hostile [PART]``, 1 is the whole."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from tests.bench import pages
from tests.bench.tables import table
from tests.webhook.api.asking import asking
from tests.webhook.hostile.abuse import abuse
from tests.webhook.hostile.attacks import PLACES, drip, is_open, send_large, time_of_a_request
from tests.webhook.hostile.fuzzed import damaged, deliver_raw
from tests.webhook.hostile.live import Live, live_process
from tests.webhook.postgres import new_database, postgres_programs, postgres_server
from tests.webhook.serving import running
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.store.schema import deliveries, runs

HEAD = ["attack", "how much", "answered", "5xx", "got in", "memory before", "memory after", "what others felt"]


def main(part: float = 1.0) -> None:
    """Run every attack; print their table, and keep it where they were of full size."""
    rows = [_fuzzed(round(10_000 * part))]
    with TemporaryDirectory() as folder, live_process(Path(folder)) as service:
        rows.append(_abused("SQLite", service, max(1, round(50 * part))))
        rows.append(_slow(service, round(500 * part), seconds=60 * part))
        rows.append(_large(service, max(1, round(10 * part))))
    programs = postgres_programs()
    if programs is not None:
        with TemporaryDirectory() as folder, postgres_server(programs) as socket, ExitStack() as stack:
            service = stack.enter_context(live_process(Path(folder), new_database(socket)))
            rows.append(_abused("Postgres", service, max(1, round(25 * part))))
    text = table(HEAD, rows)
    print(text)
    if part == 1 and len(rows) == 5:
        pages.keep("hostile", text, pages.SERVICE)


def _fuzzed(times: int) -> list[str]:
    """Damaged deliveries at the door."""
    statuses: Counter[int] = Counter()
    taken = [0]
    memory: list[float] = []

    async def attack() -> None:
        with TemporaryDirectory() as folder:
            async with asking(Path(folder)) as client:
                service = Live(client.service.app.state.service.database, 0)
                for number, (headers, body) in enumerate(islice(damaged(seed=2), times)):
                    if number == times // 10:
                        memory.append(service.megabytes())
                    statuses[await deliver_raw(client.service.app, headers, body)] += 1
                memory.append(service.megabytes())
                with service.database.read() as connection:
                    for one in (deliveries, runs):
                        taken[0] += connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one()

    running(attack)
    how = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    fell = sum(count for status, count in statuses.items() if status >= 500)
    much = f"{times:,} damaged headers and bodies"
    return ["fuzzed deliveries", much, how, str(fell), str(taken[0]), *map(_memory, memory), ""]


def _abused(where: str, service: Live, examples: int) -> list[str]:
    """Schemathesis, which raises for a 5xx and for whatever else was not promised."""
    before = service.megabytes()
    tried: Counter[str] = Counter()
    for role in (Role.DEPLOYER, Role.SUPPORT):
        tried += abuse(service, examples=examples, role=role)
    much = f"{len(tried)} operations, two roles"
    answered = f"{sum(tried.values()):,} as promised"
    return [f"schemathesis, {where}", much, answered, "0", "", _memory(before), _memory(service.megabytes()), ""]


def _slow(service: Live, clients: int, seconds: float) -> list[str]:
    """Connections that send a byte a second, and others that behave."""
    alone = [time_of_a_request(service) for _ in range(50)]
    before = service.megabytes()
    slow = [service.connect() for _ in range(clients)]
    began, others = time.monotonic(), []
    while time.monotonic() < began + seconds:
        round_began = time.monotonic()
        for one in slow:
            drip(one, b"G")
        others += [time_of_a_request(service) for _ in range(5)]
        time.sleep(max(0.0, 1 - (time.monotonic() - round_began)))
    left = sum(is_open(one) for one in slow)
    for one in slow:
        one.close()
    felt = f"p95 {_p95(others):.0f} ms, alone {_p95(alone):.0f} ms"
    much = f"{clients} connections, a byte a second, {seconds:.0f} s"
    answered = f"{left} still open"
    return ["slow-loris", much, answered, "0", "0", _memory(before), _memory(service.megabytes()), felt]


def _large(service: Live, times: int) -> list[str]:
    """Bodies of 100 MB, of a length that is said and of one that is not."""
    send_large(service, PLACES[0], chunked=True)
    before = service.megabytes()
    statuses: Counter[int | None] = Counter()
    taken = 0
    for _ in range(times):
        for place in PLACES:
            for chunked in (False, True):
                status, read = send_large(service, place, chunked=chunked)
                statuses[status] += 1
                taken = max(taken, read)
    fell = sum(count for status, count in statuses.items() if status is not None and status >= 500)
    how = ", ".join(f"{count} × {status or 'cut off'}" for status, count in sorted(statuses.items(), key=str))
    much = f"{2 * times * len(PLACES)} bodies of 100 MB"
    felt = f"at most {taken / 2**20:.1f} MB left the sender"
    return ["large bodies", much, how, str(fell), "0", _memory(before), _memory(service.megabytes()), felt]


def _memory(megabytes: float) -> str:
    return f"{megabytes:.0f} MB"


def _p95(seconds: list[float]) -> float:
    return float(1000 * np.quantile(seconds, 0.95))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
