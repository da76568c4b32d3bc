"""Signed deliveries at a steady rate while jobs run: ``python -m tests.bench.load [SECONDS [RATE]]``.

One process receives, one works, and one is the bare route to compare with; all get what they get in the same minutes.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.bench import pages
from tests.bench.tables import table
from tests.conftest import REPOSITORY
from tests.small_workspace import small_workspace
from tests.webhook.crashing.fleet import Sending, environment_of, free_port, receiver
from tests.webhook.serving import SECRET, created
from vision_readiness.deliveries import Secret, sign

CONNECTIONS = 32
PROJECTS = 100
FULL_SECONDS = 600


@dataclass(slots=True)
class Answers:
    """What one receiver answered: statuses, and the seconds from when each delivery was due."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the system says of a process at a moment: CPU seconds so far and resident bytes."""

    at: float
    cpu: float
    resident: int


def sample(pid: int) -> Sample:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    return Sample(time.monotonic(), (int(fields[11]) + int(fields[12])) / ticks, int(fields[21]) * page)


def plan(count: int) -> list[Sending]:
    """Two in five bring a new version, one says in other words what was said, two are the same delivery again."""
    rng = random.Random(1)  # noqa: S311 - a plan that can be repeated
    newest = dict.fromkeys((f"line-{number}" for number in range(PROJECTS)), 0)
    sent: list[Sending] = []
    while len(sent) < count:
        kind = rng.random()
        if sent and kind < 0.4:
            sent.append(rng.choice(sent[-500:]))
        elif sent and kind < 0.6:
            sent.append(Sending(f"again-{len(sent)}", rng.choice(sent[-500:]).event))
        else:
            project = rng.choice(list(newest))
            newest[project] += 1
            sent.append(Sending(f"delivery-{len(sent)}", created(project, newest[project])))
    return sent


async def send(port: int, sendings: list[Sending], rate: float, heard: Answers) -> None:
    """Send on time whatever the answers take (open loop), over connections that are kept."""
    due: asyncio.Queue[tuple[float, Sending] | None] = asyncio.Queue()
    secret = Secret.parse(SECRET)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (what := await due.get()) is not None:
            at, sending = what
            body = sending.event.to_bytes()
            headers = sign(secret, sending.delivery_id, datetime.now(UTC), body)
            lines = [f"{name}: {value}" for name, value in headers.items()]
            head = ["POST /webhooks/roboflow HTTP/1.1", "host: test", f"content-length: {len(body)}", *lines]
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            heard.statuses[int(answer.split(b" ", 2)[1])] += 1
            heard.seconds.append(time.monotonic() - at)
        writer.close()

    workers = [asyncio.create_task(one()) for _ in range(CONNECTIONS)]
    began = time.monotonic()
    for number, sending in enumerate(sendings):
        at = began + number / rate
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        due.put_nowait((at, sending))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)


async def measure(ports: tuple[int, int], pids: tuple[int, int], seconds: float, rate: float) -> list[list[str]]:
    """Rows of the table: the service and the bare route, under the same deliveries at the same time."""
    heard = (Answers(), Answers())
    warm = plan(200)
    for port in ports:
        await send(port, warm, rate, Answers())
    series: tuple[list[Sample], list[Sample]] = ([], [])
    sendings = plan(int(seconds * rate))
    sending = asyncio.gather(*(send(port, sendings, rate, one) for port, one in zip(ports, heard, strict=True)))
    while True:
        for pid, samples in zip(pids, series, strict=True):
            samples.append(sample(pid))
        if sending.done():
            break
        await asyncio.wait([sending], timeout=1.0)
    await sending
    cost = [(one[-1].cpu - one[0].cpu) / len(sendings) * 1000 for one in series]
    rows = []
    for name, one, samples, mine in zip(("service", "bare route"), heard, series, cost, strict=True):
        steady = samples[len(samples) // 3 :]  # what is filled once, such as caches, is filled by then
        slope = np.polyfit([s.at for s in steady], [s.resident / 2**20 for s in steady], 1)[0] * 60
        refused = sum(count for status, count in one.statuses.items() if status != 202)
        p50, p99 = np.quantile(one.seconds, [0.5, 0.99]) * 1000
        resident = samples[-1].resident / 2**20
        figures = [f"{mine:.2f}", f"{mine / cost[1]:.2f}", f"{p50:.0f}", f"{p99:.0f}"]
        rows.append([name, f"{len(one.seconds):,}", str(refused), *figures, f"{resident:.0f}", f"{slope:+.2f}"])
    return rows


def main(seconds: float = 20, rate: float = 100) -> None:
    """Start the three processes, measure, print the table; keep it where the run was of full length."""
    with TemporaryDirectory() as name, receiver() as (address, _):
        folder = Path(name)
        workspace = small_workspace(folder / "workspace", 3)
        url = f"sqlite:///{folder / 'service.sqlite3'}"
        ports = free_port(), free_port(), free_port()
        door, works = (
            environment_of(one, folder, REPOSITORY / "webhook", url, port) | {"VISION_READINESS_WORKERS": workers}
            for one, port, workers in (("door", ports[0], "0"), ("works", ports[2], "1"))
        )
        service = [sys.executable, "-m", "tests.webhook.crashing.service", str(workspace), address]
        bare = [sys.executable, "-m", "tests.bench.bare", str(folder / "bare.sqlite3"), str(ports[1])]
        started = [
            subprocess.Popen(command, env=environment, cwd=REPOSITORY)  # noqa: S603 - our own words
            for command, environment in ((service, works), (service, door), (bare, door))
        ]
        try:
            time.sleep(12)
            pids = started[1].pid, started[2].pid
            rows = asyncio.run(measure((ports[0], ports[1]), pids, seconds, rate))
        finally:
            for process in started:
                process.kill()
                process.wait()
    head = ["", "deliveries", "refused", "CPU ms", "times bare", "p50 ms", "p99 ms", "RSS MiB", "MiB a minute"]
    text = f"{rate:.0f} deliveries a second for {seconds:.0f} seconds.\n\n{table(head, rows)}"
    print(text)
    if seconds >= FULL_SECONDS:
        pages.keep("load", text, pages.SERVICE)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
