"""A batch's workers on Ray: shards go out as blocks of a Ray dataset, their articles' outcomes come back.

One row is one article, one block one shard. An actor loads the model once and annotates block by block;
when it is killed Ray Data starts another one and gives it the block again, as often as needed. The main
process alone writes, so other machines need framing, the model and the articles' files under the same
paths, and nothing of the output; rows of a Parquet table are sent to them.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, field
from typing import Any

from framing import worker
from framing.items import Item, Shard
from framing.schema import FramingError
from framing.workfolder import Counts, Outcome

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is sent to anybody
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DATA_LOG_LEVEL": "CRITICAL",  # what goes wrong is raised too
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else Ray warns of its own future
}


def require() -> None:
    """Raise FramingError in one line where Ray is not installed."""
    _ray()


def _ray() -> Any:
    os.environ.update(_QUIET)  # read when Ray is imported or started
    try:
        import ray
        import ray.data.exceptions
    except ImportError as error:
        raise FramingError("--engine ray needs Ray: pip install 'framing[ray]'") from error
    return ray


@dataclass
class _Waiting:
    """A shard that is not complete yet; its articles, which may be rows of a table, are with Ray alone."""

    digest: str
    size: int
    found: dict[int, Outcome] = field(default_factory=dict)


class Cluster:
    """Up to `jobs` actors of one thread each: on the cluster at `address`, or on a Ray of this run's own.

    Without `jobs`, as many as the cluster has CPUs.
    """

    def __init__(self, setup: worker.Setup, jobs: int | None, tick: Callable[[int], None], address: str | None) -> None:
        self._setup = setup
        self._jobs = jobs
        self._tick = tick
        self._address = address
        self._waiting: dict[int, _Waiting] = {}

    def annotate(self, shards: Iterable[Shard]) -> Iterator[Counts]:
        """Have every shard annotated and written; yield their counts as they are finished.

        Raises FramingError where the cluster cannot be reached or cannot go on.
        """
        ray = _ray()
        with _started(ray, self._address, self._jobs):
            # All of them, as Ray Data takes no block once it runs; it moves them to the disk when they are many.
            refs = [ray.put(self._block(shard)) for shard in shards]
            try:
                for block in self._blocks(ray, refs) if refs else ():
                    yield from self._heard(block)
            except (ray.exceptions.RayError, ray.data.exceptions.ExecutionTimeoutError) as error:
                raise FramingError(f"Ray: {_last_line(error)}") from error
        if self._waiting:
            raise FramingError(f"Ray gave nothing back for {len(self._waiting):,} shards")

    def _block(self, shard: Shard) -> Any:
        import pyarrow as pa

        self._waiting[shard.number] = _Waiting(shard.digest(), len(shard.items))
        items = [json.dumps(asdict(item), default=str) for item in shard.items]
        return pa.table({"shard": [shard.number] * len(items), "index": range(len(items)), "item": items})

    def _blocks(self, ray: Any, refs: list[Any]) -> Iterator[Any]:
        jobs = self._jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        ledger = ray.remote(num_cpus=0)(Ledger).remote()
        outcomes = ray.data.from_arrow_refs(refs).map_batches(
            Annotate,
            fn_constructor_args=(self._setup, ledger),
            batch_size=None,  # a block: what a killed actor has to do again
            batch_format="pyarrow",
            # Two blocks an actor: one at work and one on its way; more would wait behind one actor at the end.
            compute=ray.data.ActorPoolStrategy(size=jobs, max_tasks_in_flight_per_actor=2),
            num_cpus=1,
        )
        return iter(outcomes.iter_batches(batch_size=None, batch_format="pyarrow"))

    def _heard(self, block: Any) -> Iterator[Counts]:
        """Keep outcomes until their shard is complete (Ray may cut a large block), then write it."""
        for row in block.to_pylist():
            number, index = row.pop("shard"), row.pop("index")
            shard = self._waiting[number]
            shard.found[index] = Outcome(**row)
            if len(shard.found) == shard.size:
                del self._waiting[number]
                with self._setup.work.writing(number, shard.digest) as draft:
                    for i in range(shard.size):
                        draft.add(shard.found[i])
                yield draft.counts
        self._tick(sum(len(shard.found) for shard in self._waiting.values()))


class Annotate:
    """An actor: the model and the registry, read once."""

    def __init__(self, setup: worker.Setup, ledger: Any) -> None:
        os.environ.update(worker.ONE_THREAD)  # Ray itself sets OMP_NUM_THREADS before anything is imported
        from framing.annotator import load

        self._setup = setup
        self._ledger = ledger
        self._annotator = load(setup.model, setup.registry, 1, setup.limits).warm()

    def __call__(self, block: Any) -> Any:
        """Annotate a block: rows of shard, index, item (JSON) → rows of shard, index and the fields of Outcome."""
        import pyarrow as pa
        import ray

        rows = []
        again = ray.get(self._ledger.begun.remote(block["shard"][0].as_py()))
        for row in block.to_pylist():
            shard, index = row["shard"], row["index"]
            deaths = ray.get(self._ledger.at.remote(shard, index)) if again else 0
            how = f"{worker.ENDED}, {deaths} times" if deaths >= worker.TRIES else None
            with _alarm(self._setup.limits.seconds):
                found = worker.outcome(self._annotator, self._setup, Item(**json.loads(row["item"])), how)
            if again:
                ray.get(self._ledger.over.remote(shard, index))
            rows.append({"shard": shard, "index": index, **asdict(found)})
        error = pa.struct([("path", pa.string()), ("error", pa.string())])
        fields = {"shard": pa.int64(), "index": pa.int64(), "encoded": pa.large_binary(), "error": error}
        fields |= {"sentences": pa.int64(), "assumed": pa.bool_()}
        return pa.Table.from_pylist(rows, pa.schema(fields.items()))


class Ledger:
    """An actor that outlives the others and knows where they died.

    Ray would give an article that kills its worker to one worker after the other, for ever. A shard's
    first attempt costs one message; from the second on every article is announced. Where the first worker
    died is not known and not counted: a guess could pass over an article that did nothing.
    """

    def __init__(self) -> None:
        self._begun: set[int] = set()
        self._at: Counter[tuple[int, int]] = Counter()

    def begun(self, shard: int) -> bool:
        """Note an attempt at a shard; whether there was one before."""
        before = shard in self._begun
        self._begun.add(shard)
        return before

    def at(self, shard: int, index: int) -> int:
        """Note that an article is begun; how many announced attempts ended their worker at it."""
        self._at[shard, index] += 1
        return self._at[shard, index] - 1

    def over(self, shard: int, index: int) -> None:
        """Note that an article is done, or passed over, which it then stays; nobody died at it this time."""
        self._at[shard, index] -= 1


@contextmanager
def _started(ray: Any, address: str | None, jobs: int | None) -> Iterator[None]:
    """Connect to a cluster, or start a Ray on this machine alone and clear up behind it."""
    with ExitStack() as ending:
        options: dict[str, Any] = {"address": address}
        if address is None:
            # Ray listens on every interface and asks for a token; one for this run alone stays out of ~/.ray.
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
            # Not below TMPDIR: the paths of Ray's sockets must stay under 108 bytes.
            parent = "/tmp" if os.path.isdir("/tmp") else None  # noqa: S108
            scratch = tempfile.TemporaryDirectory(prefix="framing-", dir=parent, ignore_cleanup_errors=True)
            options = {"address": "local", "num_cpus": jobs, "include_dashboard": False}
            options["_temp_dir"] = ending.enter_context(scratch)
        try:
            _reach(address)
            with _hushed():
                ray.init(**options, log_to_driver=False, logging_level=logging.CRITICAL)
        except Exception as error:  # Ray raises no narrower one where the machine is too busy for it
            what = f"no Ray cluster at {address}" if address else "Ray does not start"
            raise FramingError(f"{what} ({_last_line(error)})") from error
        ending.enter_context(redirect_stdout(ending.enter_context(open(os.devnull, "w"))))  # Ray tells there who died
        ending.callback(ray.shutdown)
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield


def _reach(address: str | None) -> None:
    """Raise OSError where nobody listens at host:port; Ray itself would try for ten minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Ray's native code from saying on stderr that it has been told to say nothing."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def _alarm(limit: float | None) -> Iterator[None]:
    """End the process where it sits at one article beyond worker.patience."""
    if limit is None or not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, worker.patience(limit))  # nobody handles SIGALRM, so it kills
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _last_line(error: BaseException) -> str:
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), type(error).__name__)
