"""The command line: parse, call one function, print."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated as Arg

import typer

from framing.schema import FramingError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Read a news article and say, sentence by sentence, on whose word it rests.",
)


class Format(StrEnum):
    """How annotations are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"


def main() -> None:
    """Entry point: a FramingError becomes one line on stderr and exit code 2."""
    try:
        app()
    except FramingError as error:
        print(f"framing: {' '.join(str(error).split())}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("framing: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(0) from None


@app.command()
def predict(
    source: Arg[str, typer.Argument(help="File, folder, URL, or - for standard input.", metavar="FILE|DIR|URL|-")],
    model: Arg[str, typer.Option(help="auto, accurate, fast, baseline, or a model's folder.")] = "auto",
    format: Arg[Format, typer.Option(help="How to write the annotations.")] = Format.text,
    output: Arg[Path | None, typer.Option("-o", "--output", help="Write here instead of to the terminal.")] = None,
    outlet: Arg[str | None, typer.Option(help="The outlet, where the text does not name it.")] = None,
    registry: Arg[list[Path] | None, typer.Option(help="Your own registry table; may be given again.")] = None,
) -> None:
    """Annotate articles.

    Example: framing predict article.txt --outlet Yonhap --format json
    """
    from dataclasses import replace

    from framing import read, report
    from framing.annotator import load

    annotator = load(model, registry or ())
    pieces = []
    colour = format is Format.text and output is None and sys.stdout.isatty()
    for article in read.read(source):
        for note in article.notes:
            print(f"framing: {note}", file=sys.stderr)
        annotated = annotator(replace(article, outlet=outlet) if outlet else article)
        if format is Format.text:
            pieces.append(report.to_text(annotated, colour=colour))
        else:
            pieces.append(report.dumps(annotated, indent=2 if format is Format.json else None) + "\n")
    write("".join(pieces), output)


class Which(StrEnum):
    """Which models to train."""

    baseline = "baseline"
    accurate = "accurate"
    all = "all"


@app.command()
def train(
    data: Arg[
        list[Path] | None, typer.Option(help="Folder of labelled articles; may be given again. [default: data]")
    ] = None,
    real_train: Arg[Path | None, typer.Option(help="Real labelled articles to train on as well.")] = None,
    real_dev: Arg[Path | None, typer.Option(help="Real labelled articles to calibrate and measure on.")] = None,
    model: Arg[Which, typer.Option(help="Which models to train.")] = Which.all,
    encoder: Arg[str, typer.Option(help="mpnet, minilm, a folder, or a model's name on the hub.")] = "mpnet",
    out: Arg[Path, typer.Option(help="Where the models' folders go.")] = Path("models"),
    seed: Arg[int, typer.Option(help="Fixes every source of chance.")] = 0,
    quick: Arg[
        bool, typer.Option("--quick", help="A small encoder for one epoch: shows that everything works.")
    ] = False,
    resume: Arg[bool, typer.Option("--resume", help="Go on from the last checkpoint of an interrupted run.")] = False,
) -> None:
    """Train the models on labelled articles (needs the [train] extra).

    Example: framing train --data data --real-train ../real-train --real-dev ../real
    """
    from framing import pipeline

    found = pipeline.load_data(data or [Path("data")], real_train, real_dev)
    trained = pipeline.train(found, out, pipeline.Choice(model.value, encoder, seed, quick, resume))
    print(pipeline.evaluate_all(trained, found))


def write(text: str, output: Path | None) -> None:
    """Print, or write a file whole or not at all."""
    if output is None:
        sys.stdout.write(text)
        return
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(output)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FramingError(f"{output}: {error.strerror or error}") from error
