"""The commands that measure: evaluate, gate."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated as Arg

import typer

from framing.schema import FramingError, Prediction
from framing.terminal import tell

if TYPE_CHECKING:
    from framing import scoring
    from framing.document import Classifier, Document
    from framing.evaluation import Check, Evaluation, Plan
    from framing.labelled import LabelledSet
    from framing.progress import Progress

Model = Arg[str, typer.Option(help="auto, accurate, fast, baseline, or a model's folder.")]
Data = Arg[Path, typer.Option(help="The corpus: a folder with articles/ and splits.json.")]
Split = Arg[
    str | None, typer.Option(help="test, dev, train, or a labelled file or folder. (default: test)", show_default=False)
]
Gold = Arg[Path | None, typer.Option(help="A real measuring set (gold.tsv and articles/) instead of a split.")]
Report = Arg[Path | None, typer.Option(help="Write it as Markdown here.")]
Json = Arg[Path | None, typer.Option("--json", help="Write the record as JSON here.")]
Html = Arg[Path | None, typer.Option(help="Write the report as one HTML page here.")]
FailUnder = Arg[str | None, typer.Option(help="Exit 1 where a figure is worse: macro_f1=0.80,ece=0.05 (ece: at most).")]
Against = Arg[str | None, typer.Option(help="Another model, by name or folder: exit 1 where macro-F1 drops.")]
Drop = Arg[float | None, typer.Option(help="What macro-F1 may drop --against it. (default: 0.01)", show_default=False)]
Floors = Arg[Path | None, typer.Option(help="Hold the models in use against their floors too: floors.json.")]
Compare = Arg[bool, typer.Option("--baseline/--no-baseline", help="Set the baseline beside the model.")]
Texts = Arg[
    bool | None,
    typer.Option("--show-text/--hide-text", help="Print misread sentences. (default: hide with --gold, else show)"),
]
FloorsFile = Arg[Path, typer.Option(help="Where the floors are pinned.")]
Update = Arg[bool, typer.Option("--update", help="Raise the floors to what the models reach now.")]
Why = Arg[str | None, typer.Option("--allow-regression", help="Lower floors too, for this reason, which is kept.")]


def mount(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command()(evaluate)
    app.command()(gate)


def evaluate(
    model: Model = "auto",
    split: Split = None,
    data: Data = Path("data"),
    gold: Gold = None,
    report: Report = None,
    json_: Json = None,
    html: Html = None,
    fail_under: FailUnder = None,
    against: Against = None,
    max_drop: Drop = None,
    floors: Floors = None,
    baseline: Compare = True,
    show_text: Texts = None,
) -> None:
    """Say how good a model is: figures with intervals, slices, misreadings; exit 1 where a gate fails.

    Example: framing evaluate --model accurate --split test --html out.html --fail-under macro_f1=0.80,ece=0.05
    """
    from framing import evaluation, gates, labelled, output
    from framing.evaluation_page import to_html
    from framing.evaluation_text import to_json, to_markdown, to_text

    if gold and split:
        raise FramingError("--gold and --split are two sets: give one of them")
    if floors and (gold or split not in (None, "test")):
        raise FramingError("--floors are of the test split: leave out --gold and --split")
    if max_drop is not None and (against is None or not 0 <= max_drop <= 1):
        raise FramingError("--max-drop is a share such as 0.01 and goes with --against")
    files = [(report, to_markdown), (json_, to_json), (html, to_html)]
    _check_places(path for path, _ in files if path)
    limits = gates.parse_limits(fail_under) if fail_under is not None else {}
    pinned = gates.read_floors(floors) if floors else None
    found = labelled.open_set(split or "test", data, gold)
    texts = found.texts if show_text is None else show_text
    own, others, notes = _models(model, against, baseline)
    plan = evaluation.Plan(found.name, texts, notes=(*found.notes, *notes))
    read = _read(found)
    made = _evaluated(read, own, others, plan)
    checks = [*gates.check_limits(made, limits)]
    if against:
        checks.append(gates.check_drop(made.comparisons[0], gates.MOST_DROPPED if max_drop is None else max_drop))
    if pinned:
        checks += gates.hold(pinned, gates.pin(read, made), made.data.sha256)
    made = replace(made, checks=tuple(checks))
    output.write_files((path, render(made)) for path, render in files if path)
    sys.stdout.write(to_text(made))
    _judge(checks, None)


def _read(found: LabelledSet) -> scoring.Gold:
    """A set, ready to be scored on."""
    from framing.mentions import Finder
    from framing.registry import builtin
    from framing.scoring import prepare

    return prepare(Finder(builtin()), found.articles, found.seen)


def _evaluated(gold: scoring.Gold, own: Classifier, others: Sequence[Classifier], plan: Plan) -> Evaluation:
    """Let every model read a set, with a bar on a terminal."""
    from framing.evaluation import evaluate as measure
    from framing.progress import Progress

    with Progress() as progress:
        first, *rest = (_Watched(classifier, len(gold.articles), progress) for classifier in (own, *others))
        return measure(gold, first, rest, plan)


def _check_places(paths: Iterable[Path]) -> None:
    """Refuse at once what could not be written in the end."""
    for path in paths:
        if not path.parent.is_dir() or path.is_dir():
            raise FramingError(f"{path}: {'is a folder' if path.is_dir() else 'no such folder to write into'}")


def _models(model: str, against: str | None, baseline: bool) -> tuple[Classifier, list[Classifier], list[str]]:
    """The model, those beside it (`against` first, then the baseline unless it is there already), what to say."""
    from framing import artefact
    from framing.annotator import open_model

    own = artefact.named(model)
    beside = [artefact.named(against)] if against else []
    notes = []
    if baseline and own.kind != "baseline" and all(found.kind != "baseline" for found in beside):
        try:
            beside.append(artefact.named("baseline"))
        except FramingError as error:
            notes.append(f"Without the baseline beside it: {error}.")
    return open_model(own), [open_model(found) for found in beside], notes


def gate(
    data: Data = Path("data"),
    floors: FloorsFile = Path("floors.json"),
    update: Update = False,
    allow_regression: Why = None,
    report: Report = None,
) -> None:
    """Hold every model in use against its floors on the test split; exit 1 where one falls short.

    Example: framing gate --update --allow-regression "relabelled the test split by guide 3"
    """
    from datetime import UTC, datetime

    from framing import dataset, gates, labelled, output

    _check_places([report] if report else [])
    if allow_regression is not None and not (update and allow_regression.strip()):
        raise FramingError("--allow-regression goes with --update and says why: --allow-regression 'the reason'")
    old = gates.read_floors(floors) if floors.exists() else None
    if old is None and not update:
        told = f"there is no {floors}, so nothing is pinned; framing gate --update pins what the models reach"
        _judge([gates.failure("floors", told)], report)
    test = labelled.open_set("test", data)
    digest = dataset.digest(test.articles)
    found = gates.pin(_read(test))
    if update:
        today = datetime.now(UTC).date().isoformat()
        new, lowered = gates.update(old, found, digest, allow_regression, today)
        _judge(lowered, report, "a floor falls only with --allow-regression 'the reason'")
        output.write_file(floors, gates.dump_floors(new))
        print(f"{floors}: floors of {', '.join(new.models)} pinned on the test split {digest[:12]}")
    elif old:
        checks = gates.hold(old, found, digest)
        print("\n".join(f"{'passed' if c.passed else 'FAILED'}: {c.told}" for c in checks))
        _judge(checks, report, f"{floors} pins what the models must reach")


def _judge(checks: Sequence[Check], report: Path | None, more: str = "") -> None:
    """Exit with 1 where a gate failed, saying on stderr which and by how much, and in Markdown in `report`."""
    from framing import output
    from framing.evaluation_text import checks_markdown

    if report:
        output.write_file(report, "\n".join(["# Gates", "", *checks_markdown(checks)]) + "\n")
    failed = [check.told for check in checks if not check.passed]
    for told in failed:
        tell(f"gate failed: {told}")
    if failed and more:
        tell(more)
    if failed:
        raise typer.Exit(1)


class _Watched:
    """A classifier that tells how far it is, in a stage that its first article begins."""

    def __init__(self, classifier: Classifier, articles: int, progress: Progress) -> None:
        self.info, self.threshold, self.finds_spans = classifier.info, classifier.threshold, classifier.finds_spans
        self._predict, self._articles, self._progress = classifier.predict, articles, progress
        self._done = 0

    def predict(self, document: Document) -> list[Prediction]:
        if not self._done:
            self._progress.stage(self.info.name, self._articles)
        predictions = self._predict(document)
        self._done += 1
        self._progress.update(self._done)
        return predictions
