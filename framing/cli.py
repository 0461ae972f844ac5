"""The command line: parse, call one function, print."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated as Arg

import typer

from framing import cli_evaluate
from framing.cli_labels import labels
from framing.cli_models import models
from framing.limits import JOBS, LIMITS, SHARD, Limits
from framing.schema import FramingError
from framing.terminal import tell

if TYPE_CHECKING:
    from framing.batch import Batch
    from framing.schema import Annotated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli_evaluate.mount(app)
app.add_typer(labels, name="labels")
app.add_typer(models, name="models")


def _version(asked: bool) -> None:
    if asked:
        from framing import __version__, artefact, shelf

        print(f"framing {__version__}")
        for folder in shelf.in_use(artefact.models_folder()):
            print(f"{folder.name} {artefact.check(folder).sha256}")
        raise typer.Exit


@app.callback()
def options(
    version: Arg[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Name the version and the models.")
    ] = False,
) -> None:
    """Read a news article and say, sentence by sentence, on whose word it rests."""


class Format(StrEnum):
    """How annotations are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    html = "html"


class Engine(StrEnum):
    """What runs a batch's workers."""

    local = "local"
    ray = "ray"


def main() -> None:
    """Entry point: what a user can mend becomes one line on stderr and exit code 2; typer tells of wrong usage."""
    try:
        app()
    except (FramingError, OSError) as error:
        told = str(error)
    except ModuleNotFoundError as error:
        told = f"this needs {error.name}, which an extra of framing's brings (README, Try it)"
    else:
        return
    tell(told)
    raise SystemExit(2)


Sources = Arg[
    list[str], typer.Argument(help="Files, folders, patterns, URLs, or - for standard input.", metavar="SOURCE...")
]
Registry = Arg[list[Path] | None, typer.Option("--registry", help="Your own registry table; may be given again.")]
Jobs = Arg[
    int | None,
    typer.Option(min=1, help=f"Worker processes of a batch, one thread each. (default: a core each, up to {JOBS})"),
]
EngineName = Arg[Engine, typer.Option("--engine", help="What runs the workers; ray needs the ray extra.")]
Address = Arg[str | None, typer.Option(help="A Ray cluster, as host:port or auto. (default: one for this run alone)")]
Restart = Arg[bool, typer.Option("--restart", help="Drop what an unfinished batch has done and begin anew.")]
ShardSize = Arg[int, typer.Option(min=1, help="Articles of a batch that are finished as one.")]
MaxBytes = Arg[int, typer.Option(min=1, help="Refuse a larger article, in bytes of its file.")]
MaxSentences = Arg[int, typer.Option(min=1, help="Refuse an article of more sentences.")]
MaxLength = Arg[
    int | None,
    typer.Option("--max-sentence-length", min=1, help="Refuse an article with a longer sentence, in characters."),
]
AllowPrivate = Arg[bool, typer.Option("--allow-private", help="Read pages from your own network too.")]
MaxSeconds = Arg[float | None, typer.Option(min=0, help="Refuse an article that takes longer.")]


@app.command()
def predict(
    sources: Sources,
    model: Arg[str, typer.Option(help="auto, accurate, fast, baseline, or a model's folder.")] = "auto",
    format: Arg[
        Format | None, typer.Option(help="How to write the annotations. (default: as -o ends, else text)")
    ] = None,
    output: Arg[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write here, not to the terminal; html: a folder, or FILE.html for one article; "
            "a batch: .jsonl, .jsonl.gz or .parquet.",
        ),
    ] = None,
    outlet: Arg[str | None, typer.Option(help="The outlet, where the text does not name it.")] = None,
    registry: Registry = None,
    jobs: Jobs = None,
    engine: EngineName = Engine.local,
    address: Address = None,
    restart: Restart = False,
    shard_size: ShardSize = SHARD,
    max_bytes: MaxBytes = LIMITS.bytes,
    max_sentences: MaxSentences = LIMITS.sentences,
    max_sentence_length: MaxLength = None,
    max_seconds: MaxSeconds = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Annotate articles; many of them as a batch, which the same command takes up again after a kill.

    Example: framing predict article.txt --outlet Yonhap --format json
    """
    from framing import batch
    from framing import output as writing

    limits = Limits(
        bytes=max_bytes, sentences=max_sentences, sentence_chars=max_sentence_length, seconds=max_seconds,
        private=allow_private,
    )  # fmt: skip
    tables = tuple(registry or ())
    asked = jobs is not None or restart or engine is not Engine.local or address is not None
    form = format.value if format else None
    if batch.is_batch(sources, output, form, asked) and output:
        made = batch.Batch(
            tuple(sources), output, model=model, registry=tables, outlet=outlet, limits=limits, jobs=jobs,
            shard=shard_size, restart=restart, engine=engine.value, address=address,
        )  # fmt: skip
        raise typer.Exit(_batch(made))
    found = _annotated(sources, model, tables, outlet, limits)
    writing.write(found, form or writing.form_of(output), output)


def _annotated(
    sources: list[str], model: str, tables: tuple[Path, ...], outlet: str | None, limits: Limits
) -> list[Annotated]:
    from dataclasses import replace

    from framing import read
    from framing.annotator import load

    annotator = load(model, tables, limits=limits)
    found = []
    for source in sources:
        for article in read.read(source, limits):
            for note in article.notes:
                tell(note)
            found.append(annotator(replace(article, outlet=outlet) if outlet else article))
    return found


def _batch(asked: Batch) -> int:
    from framing import batch

    try:
        result = batch.run(asked)
    except KeyboardInterrupt:
        tell("the same command goes on where this one stopped" + (", without --restart" if asked.restart else ""))
        raise
    for line in result.lines:
        tell(line)
    return 1 if result.counts.failed else 0


@app.command()
def registry(
    name: Arg[str, typer.Argument(help="An outlet, a speaker, a body, a state, a domain.")],
    table: Registry = None,
    date: Arg[str | None, typer.Option(help="On which day (ISO); offices and states change. (default: today)")] = None,
) -> None:
    """Say what is known of an outlet or speaker, and in whose name it speaks.

    Example: framing registry KCNA
    """
    from framing import dates
    from framing.registry import builtin

    date = dates.given(date) if date else None
    known = builtin().extended(*(table or ()))
    found = known.named(name)
    if not found:
        raise FramingError(f"nothing is known of {name!r}")
    print("\n\n".join(known.as_text(fact, date) for fact in found))


class Which(StrEnum):
    """Which models to train."""

    baseline = "baseline"
    accurate = "accurate"
    fast = "fast"
    all = "all"


@app.command()
def train(
    data: Arg[
        list[Path] | None, typer.Option(help="Folder of labelled articles; may be given again. (default: data)")
    ] = None,
    real_train: Arg[Path | None, typer.Option(help="Real labelled articles to train on as well.")] = None,
    real_dev: Arg[Path | None, typer.Option(help="Real labelled articles to calibrate and measure on.")] = None,
    model: Arg[Which, typer.Option(help="Which models to train.")] = Which.all,
    encoder: Arg[
        str | None,
        typer.Option(help="Of accurate: mpnet, minilm, a folder, or a model's name on the hub. (default: mpnet)"),
    ] = None,
    out: Arg[Path, typer.Option(help="Where the models' folders go.")] = Path("models"),
    seed: Arg[int, typer.Option(help="Fixes every source of chance.")] = 0,
    quick: Arg[
        bool, typer.Option("--quick", help="A small encoder, a sixth of the articles, one epoch: shows that all works.")
    ] = False,
    resume: Arg[bool, typer.Option("--resume", help="Go on from the last checkpoint of an interrupted run.")] = False,
    finetune: Arg[
        bool,
        typer.Option("--finetune", help="Go on from the models in use, on the articles of the second --data."),
    ] = False,
    force: Arg[bool, typer.Option("--force", help="Put the new models to use even where they read worse.")] = False,
) -> None:
    """Train the models on labelled articles (needs the train extra); a worse one is not put to use.

    Example: framing train --data data --real-train ../real-train --real-dev ../real
    """
    from framing import pipeline, retraining

    found = pipeline.load_data(data or [Path("data")], real_train, real_dev)
    names = retraining.MODELS if model is Which.all else (model.value,)
    choice = retraining.Choice(
        models=names, encoder=encoder, seed=seed, quick=quick, resume=resume, force=force, finetune=finetune
    )
    trained = retraining.train(found, out, choice)
    print(retraining.table(out, found))
    for outcome in trained:
        told = f" ({outcome.told})" if outcome.told else ""
        place = "in use" if outcome.used else f"not in use, it is in {outcome.folder}"
        tell(f"{outcome.name}: {place}{told}")
    if not all(outcome.used for outcome in trained):
        raise typer.Exit(1)
