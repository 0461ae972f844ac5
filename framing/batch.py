"""Many articles: sources → shards → worker processes → one file, in order, and again after a kill.

A run is cut into shards of a fixed number of articles. Each is annotated by one worker and written
whole into the work folder; when all are there they are joined. The same command again takes up what
is finished. Nothing is held but the shards in work, so memory does not grow with the corpus; Ray's store,
which takes all of them at once, moves them to the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from framing import __version__, artefact, cluster, parquet, sink
from framing.cluster import Cluster
from framing.crew import Crew
from framing.items import Corpus, Shard, Survey
from framing.limits import JOBS, LIMITS, SHARD, Limits
from framing.machine import cores
from framing.progress import Progress
from framing.schema import FramingError
from framing.walk import MANY, is_pattern, is_url
from framing.worker import Setup
from framing.workfolder import Counts, WorkFolder, errors_of, opened


@dataclass(frozen=True)
class Batch:
    """A batch as it is asked for; `address` is the Ray cluster's where the engine is ray, None its own."""

    sources: tuple[str, ...]
    output: Path
    model: str = "auto"
    registry: tuple[Path, ...] = ()
    outlet: str | None = None
    limits: Limits = LIMITS
    jobs: int | None = None
    shard: int = SHARD
    restart: bool = False
    engine: str = "local"  # or ray
    address: str | None = None


@dataclass(frozen=True)
class Result:
    """What became of a batch; `before` are the articles an earlier run had finished."""

    output: Path
    counts: Counts
    before: int
    planned: int

    @property
    def lines(self) -> list[str]:
        """What there is to say about it, one thing a line."""
        counts = self.counts
        lines = []
        if self.before:
            lines.append(f"{self.before:,} articles were finished by an earlier run")
        if counts.articles != self.planned:
            found = f"{self.planned:,} articles were counted and {counts.articles:,} read"
            lines.append(f"the sources changed while they were read: {found}")
        if counts.assumed:
            whose = "1 article: its" if counts.assumed == 1 else f"{counts.assumed:,} articles: their"
            lines.append(f"{whose} encoding or date was assumed")
        if counts.failed:
            lines.append(f"{counts.failed:,} of {counts.articles:,} articles failed, see {errors_of(self.output)}")
        else:
            lines.append(f"{counts.articles:,} articles, {counts.sentences:,} sentences in {self.output}")
        return lines


def is_batch(sources: Sequence[str], output: Path | None, form: str | None, asked: bool) -> bool:
    """Whether sources are annotated as a batch: many articles into a file, or if `asked` for.

    Raises FramingError where a batch is asked for without a file that one can be written to.
    """
    suffix = sink.form_of(output) if output else None
    if asked and suffix is None:
        forms = ", ".join(sink.FORMS)
        raise FramingError(f"a batch (--jobs, --restart, --engine) needs -o OUT, a file that ends in {forms}")
    if suffix and form is not None and not (form == "jsonl" and suffix.startswith(".jsonl")):
        raise FramingError(f"--format {form} is not what {output} is by its name")
    if suffix != ".jsonl" or asked:
        return suffix is not None
    streams = any(source == "-" or is_url(source) for source in sources)
    return not streams and (len(sources) > 1 or any(map(_is_many, sources)))


def _is_many(source: str) -> bool:
    return os.path.isdir(source) or is_pattern(source) or source.lower().endswith(MANY)


def run(batch: Batch) -> Result:
    """Annotate a batch into its output; a bad article goes to OUT.errors.jsonl and stops nothing.

    Raises FramingError where the run cannot start or go on: no such source or model, an output that
    cannot be written, an unfinished run of another kind, a worker that keeps dying, a full disk.
    """
    output = batch.output
    if output.is_dir():
        raise FramingError(f"{output}: is a folder")
    if sink.form_of(output) == ".parquet":
        parquet.require()
    if batch.engine == "ray":
        cluster.require()
    elif batch.address is not None:
        raise FramingError("--address is a Ray cluster's: it needs --engine ray")
    model = artefact.named(batch.model)
    own = frozenset(os.path.realpath(path) for path in (output, errors_of(output)))
    corpus = Corpus(batch.sources, own)
    with Progress() as progress:
        progress.stage("counting")
        survey = corpus.survey(progress.update)
        with opened(output, _plan(batch, survey, model), batch.restart) as work:
            setup = Setup(str(model.folder), batch.registry, batch.outlet, batch.limits, work)
            try:
                return _Run(batch, setup, progress, survey.articles).result(corpus)
            except OSError as error:
                raise FramingError(f"{output}: {error.strerror or error}") from error


def _plan(batch: Batch, survey: Survey, model: artefact.Artefact) -> dict[str, Any]:
    """What the shards of a batch depend on, by the words in which a difference is reported."""
    tables = [_digest(path) for path in batch.registry]
    return {
        "version of framing": __version__,
        "articles": {"sources": list(batch.sources), **asdict(survey)},
        "model": asdict(model.info),
        "options": {"outlet": batch.outlet, "registry": tables, **asdict(batch.limits)},
        "shard size": batch.shard,
    }


def _digest(registry: Path) -> str:
    try:
        return artefact.sha256(registry)
    except OSError as error:
        raise FramingError(f"{registry}: cannot be read as a registry ({error.strerror or error})") from error


class _Run:
    def __init__(self, batch: Batch, setup: Setup, progress: Progress, planned: int) -> None:
        self.batch = batch
        self.setup = setup
        self.progress = progress
        self.planned = planned
        self.counts = Counts()
        self.before = 0  # articles of shards that were finished
        self.shards = 0

    def result(self, corpus: Corpus) -> Result:
        """Annotate what is not finished, join everything, clear up."""
        work, output = self.setup.work, self.batch.output
        plan = work.plan() or {}
        if "finished" in plan and output.is_file():  # killed behind the join: only the clearing up is left
            counts = Counts(**plan["finished"])
            work.remove()
            return Result(output, counts, counts.articles, counts.articles)
        self.progress.stage("annotating", self.planned)
        for counts in self._workers().annotate(self._unfinished(work, corpus)):
            self.counts += counts
        self.progress.stage("joining")
        work.join(self.shards, output)
        work.put_plan({**plan, "finished": asdict(self.counts)})
        work.remove()
        return Result(output, self.counts, self.before, self.planned)

    def _workers(self) -> Crew | Cluster:
        jobs, address = self.batch.jobs or min(cores(), JOBS), self.batch.address
        if self.batch.engine == "local":
            return Crew(self.setup, jobs, self._tick)
        return Cluster(self.setup, self.batch.jobs if address else jobs, self._tick, address)

    def _unfinished(self, work: WorkFolder, corpus: Corpus) -> Iterator[Shard]:
        for shard in corpus.shards(self.batch.shard):
            self.shards = shard.number + 1
            if (counts := work.finished(shard)) is None:
                yield shard
            else:
                self.counts += counts
                self.before += counts.articles

    def _tick(self, under_way: int) -> None:
        """Show what this run has done of what was left to it, so that the rate is its own."""
        done = self.counts.articles - self.before + under_way
        self.progress.update(done, self.planned - self.before)
