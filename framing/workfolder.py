"""The work folder of a batch, .OUT.parts beside OUT: what was planned and every finished shard.

    plan.json            what the shards mean; a run with another plan does not touch them
    00000.jsonl          the annotations of shard 0, in OUT's form
    00000.errors.jsonl   its bad articles, where there are any
    00000.done           its counts; written last, so a shard is finished when this is there

Every file is written under another name and renamed, so that none is ever half there. Shards are not
flushed to the disk: after a power cut one may be short, which its size in .done gives away.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from framing import sink
from framing.items import Shard
from framing.schema import FramingError

_PLAN = "plan.json"
_LONGEST = 255  # bytes of a file's name, on every common file system


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of articles; `assumed` are those whose encoding or date had to be assumed."""

    articles: int = 0  # with those that failed
    failed: int = 0
    sentences: int = 0
    assumed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: bytes of `sink.encode`, or `error`, its name and what is wrong with it."""

    encoded: bytes | None = None
    error: dict[str, str] | None = None
    sentences: int = 0
    assumed: bool = False


@dataclass
class Draft:
    """A shard being written."""

    part: sink.Part
    articles: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)
    sentences: int = 0
    assumed: int = 0

    def add(self, outcome: Outcome) -> None:
        """Write the shard's next article, or note its error."""
        self.articles += 1
        self.sentences += outcome.sentences
        self.assumed += outcome.assumed
        if outcome.error is not None:
            self.errors.append(outcome.error)
        if outcome.encoded is not None:
            self.part.write(outcome.encoded)

    @property
    def counts(self) -> Counts:
        """Of the articles written so far."""
        return Counts(self.articles, len(self.errors), self.sentences, self.assumed)


@dataclass(frozen=True)
class WorkFolder:
    """The shards of one output, on the disk."""

    folder: Path
    form: str

    def file(self, number: int, suffix: str) -> Path:
        """A file of a shard; names sort in order up to 100,000 shards."""
        return self.folder / f"{number:05}{suffix}"

    def finished(self, shard: Shard) -> Counts | None:
        """The counts of a shard that an earlier run finished, if it was of the same articles."""
        try:
            facts = json.loads(self.file(shard.number, ".done").read_bytes())
            counts = Counts(**facts["counts"])
            whole = self.file(shard.number, self.form).stat().st_size == facts["bytes"]
            whole = whole and (not counts.failed or self.file(shard.number, ".errors.jsonl").is_file())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return counts if whole and facts["items"] == shard.digest() else None

    @contextmanager
    def writing(self, number: int, digest: str) -> Iterator[Draft]:
        """Write a shard, known by Shard.digest; it is finished when all went well, and not there at all otherwise."""
        path = self.file(number, self.form)
        errors = self.file(number, ".errors.jsonl")
        hidden = _draft(path)
        draft = Draft(sink.part(hidden, self.form))
        try:
            yield draft
            draft.part.close()
            if draft.errors:
                _put(errors, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in draft.errors))
            else:
                errors.unlink(missing_ok=True)
            os.replace(hidden, path)
            facts = {"counts": asdict(draft.counts), "bytes": path.stat().st_size, "items": digest}
            _put(self.file(number, ".done"), json.dumps(facts))
        finally:
            draft.part.close()
            hidden.unlink(missing_ok=True)

    def join(self, shards: int, output: Path) -> None:
        """Join the parts into OUT and their errors into OUT.errors.jsonl, each whole or not at all."""
        parts = (self.file(number, self.form) for number in range(shards))
        wrong = (self.file(number, ".errors.jsonl") for number in range(shards))
        joined, errors = self.folder / "joined", self.folder / "errors"
        sink.join(parts, joined, self.form)
        sink.join((path for path in wrong if path.is_file()), errors, ".jsonl")
        if errors.stat().st_size:
            os.replace(errors, errors_of(output))
        else:
            errors_of(output).unlink(missing_ok=True)
        os.replace(joined, output)

    def plan(self) -> dict[str, Any] | None:
        """What an unfinished run had planned; None where there was none."""
        try:
            found = json.loads((self.folder / _PLAN).read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def put_plan(self, plan: dict[str, Any]) -> None:
        """Write the plan; with a key "finished" once OUT is in its place."""
        _put(self.folder / _PLAN, json.dumps(plan, indent=1))

    def clear(self) -> None:
        """Remove the files in the folder, the plan last."""
        for name in sorted(os.listdir(self.folder), key=lambda name: name == _PLAN):
            (self.folder / name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder and all in it."""
        self.clear()
        self.folder.rmdir()

    def worth_keeping(self) -> bool:
        """Whether a shard is finished, or all are and only the clearing up is not."""
        return any(self.folder.glob("*.done")) or "finished" in (self.plan() or {})


def errors_of(output: Path) -> Path:
    """Where a batch's bad articles are listed."""
    return output.with_name(f"{output.name}.errors.jsonl")


@contextmanager
def opened(output: Path, plan: dict[str, Any], restart: bool) -> Iterator[WorkFolder]:
    """The work folder of an output, for this run alone; left in place if a finished shard is in it.

    Raises FramingError where another run is at work in it, an unfinished one had another plan, or the
    output's name leaves no room for the names beside it.
    """
    if (size := len(os.fsencode(errors_of(output).name))) > _LONGEST:  # the longest of the names
        told = f"with .errors.jsonl behind it it has {size} bytes, and {_LONGEST} is the most"
        raise FramingError(f"{output}: the name is too long, {told}")
    work = WorkFolder(output.with_name(f".{output.name}.parts"), sink.form_of(output) or "")
    with ExitStack() as ending:
        try:
            work.folder.mkdir(exist_ok=True)
            if (lock := _locked(work.folder, output)) is not None:
                ending.callback(os.close, lock)
            _take_up(work, output, plan, restart)
        except OSError as error:
            raise FramingError(f"{output}: {error.strerror or error}") from error
        try:
            yield work
        finally:
            if work.folder.is_dir() and not work.worth_keeping():
                work.remove()


def _take_up(work: WorkFolder, output: Path, plan: dict[str, Any], restart: bool) -> None:
    """Check an earlier run's plan against this one's; drop the drafts it left, or all if it is of no use."""
    before = work.plan()
    if before is not None and not restart and work.worth_keeping():
        other = [key for key in plan if plan[key] != before.get(key)]
        if other and "finished" not in before:
            what = f"an unfinished run began with other {' and '.join(other)}"
            raise FramingError(f"{output}: {what}; --restart drops what it has done")
        if not other:
            for name in os.listdir(work.folder):
                if name.endswith(".draft"):
                    (work.folder / name).unlink()
            return
    work.clear()
    work.put_plan(plan)


def _locked(folder: Path, output: Path) -> int | None:
    """Lock a folder until the descriptor is closed or its process dies."""
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FramingError(f"{output}: another run is writing it") from None
    return descriptor


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.draft")


def _put(path: Path, text: str) -> None:
    draft = _draft(path)
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
