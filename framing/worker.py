"""A worker process of a batch: loads the model once, then annotates the shards it is given."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from framing import sink
from framing.items import Item, Shard
from framing.limits import Limits
from framing.read import printable
from framing.schema import FramingError
from framing.workfolder import Counts, Outcome, WorkFolder

if TYPE_CHECKING:
    from framing.annotator import Annotator

# Two workers on two cores must not start four threads: scikit-learn's and the tokenizer's are set here, ONNX's in load.
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false",
}
TRIES = 2  # of an article that ends its worker; then it is passed over
ENDED = "the worker process ended at it"


def patience(limit: float) -> float:
    """Seconds at one article after which a worker is ended, where --max-seconds is `limit`.

    An article over its time is refused between two stages; this is for one that stays inside a stage,
    where no clock is looked at.
    """
    return 2 * limit + 5


@dataclass(frozen=True)
class Setup:
    """What every worker of a batch is told."""

    model: str
    registry: tuple[Path, ...]
    outlet: str | None
    limits: Limits
    work: WorkFolder


def main(pipe: Connection, setup: Setup) -> None:
    """Serve the main process until it sends None or dies.

    Out come ("ready", 0) once the model is loaded, ("at", i) before article i of a shard, ("done",
    Counts) behind a shard, and ("broken", reason) where the run cannot go on.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides what an interruption means
    from framing.annotator import load  # here, so that the main process stays small

    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        try:
            annotator = load(setup.model, setup.registry, 1, setup.limits).warm()
            pipe.send(("ready", 0))
            while (task := pipe.recv()) is not None:
                shard, skips = task
                pipe.send(("done", annotate_shard(annotator, setup, shard, skips, lambda i: pipe.send(("at", i)))))
        except (FramingError, OSError) as error:
            pipe.send(("broken", str(error)))
    except (EOFError, OSError):
        return  # the main process is gone


def _die_with_parent() -> None:
    """End at once when the main process is killed, were it in the middle of an article."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def annotate_shard(
    annotator: Annotator, setup: Setup, shard: Shard, skips: Mapping[int, str], tick: Callable[[int], None]
) -> Counts:
    """Annotate a shard's articles into the work folder; `skips` are those not to be tried, and why."""
    with setup.work.writing(shard.number, shard.digest()) as draft:
        for i, item in enumerate(shard.items):
            tick(i)
            draft.add(outcome(annotator, setup, item, skips.get(i)))
        tick(len(shard.items))
    return draft.counts


def outcome(annotator: Annotator, setup: Setup, item: Item, skip: str | None = None) -> Outcome:
    """An article as it is to be written, or why it is a bad one; `skip` is why it is not to be tried."""
    name = printable(item.name)
    try:
        if skip is not None:
            raise FramingError(skip)
        article = item.read(setup.limits)
        article = replace(article, path=printable(article.path or name), outlet=setup.outlet or article.outlet)
        annotated = annotator(article)
        encoded = sink.encode(annotated, setup.work.form)
    except FramingError as error:
        return Outcome(error={"path": name, "error": _reason(str(error), item.name, name)})
    except BaseException as error:  # a panic in Rust (tokenizers, sentencex) is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        return Outcome(error={"path": name, "error": _reason(f"{type(error).__name__}: {error}", "", "")})
    return Outcome(encoded, None, len(annotated.sentences), bool(article.notes))


def _reason(message: str, *names: str) -> str:
    """A message in one line, without the name it begins with."""
    line = " ".join(message.encode("utf-8", "replace").decode().split())
    for name in filter(None, names):
        line = line.removeprefix(f"{name}: ")
    return line
