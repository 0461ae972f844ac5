"""The worker processes of a batch: shards go out in order, their counts come back as they are finished.

Processes over pipes of their own, not joblib or concurrent.futures: when a worker dies (out of memory,
a crash in native code) those give up the whole pool and cannot say which article it was at, and both
leave named semaphores behind after kill -9. Here the article is known, is passed over, and the rest goes on.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic

from framing import worker
from framing.items import Shard
from framing.limits import overtime
from framing.schema import FramingError
from framing.workfolder import Counts

IN_A_ROW = 3  # articles that may end their worker before the run is given up


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    shard: Shard | None = None
    skips: dict[int, str] = field(default_factory=dict)
    at: int = 0  # the article it is at
    since: float = 0.0


class Crew:
    """Up to `jobs` worker processes, started as they are needed."""

    def __init__(self, setup: worker.Setup, jobs: int, tick: Callable[[int], None]) -> None:
        self._setup = setup
        self._jobs = jobs
        self._tick = tick  # is told how many articles of unfinished shards are done, whenever one is
        self._workers: list[_Worker] = []
        self._deaths: Counter[tuple[int, int]] = Counter()

    def annotate(self, shards: Iterable[Shard]) -> Iterator[Counts]:
        """Have every shard annotated and written; yield their counts as they are finished."""
        try:
            for shard in shards:
                while (free := self._free_or_new()) is None:
                    yield from self._events()
                self._give(free, shard, {})
            while any(w.shard for w in self._workers):
                yield from self._events()
        finally:
            for w in self._workers:
                w.process.kill()  # nothing of a shard is there before all of it
                w.process.join()
                w.pipe.close()
            self._workers.clear()

    def _free_or_new(self) -> _Worker | None:
        return self._idle() or (self._start() if len(self._workers) < self._jobs else None)

    def _idle(self) -> _Worker | None:
        return next((w for w in self._workers if w.shard is None), None)

    def _start(self) -> _Worker:
        # "spawn": a fork would inherit threads and half the main process's memory
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=worker.main, args=(theirs, self._setup), daemon=True)
        with _environment(worker.ONE_THREAD):
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _give(self, w: _Worker, shard: Shard, skips: dict[int, str]) -> None:
        w.shard, w.skips, w.at, w.since = shard, skips, 0, monotonic()
        try:
            w.pipe.send((shard, skips))
        except OSError:  # it died, which the next event says
            return

    def _events(self) -> Iterator[Counts]:
        """Wait for the workers' next words and act on them."""
        busy = {w.pipe: w for w in self._workers if w.shard}
        for pipe in wait(list(busy), timeout=0.5):
            w = busy[pipe]  # type: ignore[index]
            try:
                while w.pipe.poll():
                    if (done := self._heard(w, *w.pipe.recv())) is not None:
                        yield done
            except (EOFError, ConnectionResetError):
                self._died(w)
        self._end_stuck()
        self._tick(sum(w.at for w in self._workers if w.shard))

    def _heard(self, w: _Worker, word: str, value: object) -> Counts | None:
        if word == "broken":
            raise FramingError(str(value))
        w.ready, w.since = True, monotonic()
        if word == "at" and isinstance(value, int):
            w.at = value
        elif word == "done" and isinstance(value, Counts) and w.shard:
            w.shard = None
            return value
        return None

    def _died(self, w: _Worker) -> None:
        """Give the shard to another worker; an article that has ended worker.TRIES of them is passed over."""
        w.process.join()
        w.pipe.close()
        self._workers.remove(w)
        shard, skips = w.shard, dict(w.skips)
        how = f"{worker.ENDED} (exit code {w.process.exitcode})"
        if shard is None:
            return
        if not w.ready:
            raise FramingError(f"a worker process ended while it loaded the model (exit code {w.process.exitcode})")
        self._deaths[shard.number, w.at] += 1
        often = self._deaths[shard.number, w.at] >= worker.TRIES
        writing = w.at >= len(shard.items)  # behind its last article: none is to blame
        if often and not writing:
            skips.setdefault(w.at, how)
        ended = (skips.get(w.at - n, "").startswith(worker.ENDED) for n in range(IN_A_ROW + 1))
        if (often and writing) or all(ended):
            names = shard.items[0].name, shard.items[-1].name
            raise FramingError(f"worker processes keep ending between {names[0]} and {names[1]}: {how}")
        self._give(self._idle() or self._start(), shard, skips)  # one that has its model, at the end of a run

    def _end_stuck(self) -> None:
        """End a worker that has sat at one article beyond worker.patience."""
        limit = self._setup.limits.seconds
        if limit is None:
            return
        late = monotonic() - worker.patience(limit)
        for w in self._workers:
            if w.shard and w.ready and w.at < len(w.shard.items) and w.since < late:
                w.skips = {**w.skips, w.at: overtime(limit)}
                w.process.kill()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
