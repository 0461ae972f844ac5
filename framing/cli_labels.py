"""The command line of labels: parse, call one function, print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated as Arg

import typer

from framing.schema import FramingError
from framing.terminal import clean, tell

if TYPE_CHECKING:
    from framing.records import LabelledArticle
    from framing.tables import Predictions

labels = typer.Typer(no_args_is_help=True, help="Bring new labels in and out, check, count and compare them.")


class Format(StrEnum):
    """Formats of labels (framing.exchange)."""

    auto = "auto"
    corpus = "corpus"
    csv = "csv"
    jsonl = "jsonl"
    labelstudio = "labelstudio"
    doccano = "doccano"
    prodigy = "prodigy"
    datasets = "datasets"


class Order(StrEnum):
    """What comes first: what the model is least certain of, or what baseline and accurate differ on."""

    certain = "certain"
    disagreement = "disagreement"


class DisputeFormat(StrEnum):
    """How disputes are written."""

    text = "text"
    tsv = "tsv"


Paths = Arg[list[Path] | None, typer.Argument(help="Files or folders of labelled articles. (default: data/articles)")]
Into = Arg[Path, typer.Option("--into", help="The file of the corpus that takes new articles.", metavar="FILE.txt")]
Form = Arg[Format, typer.Option("--format", help="The labels' format.")]
Output = Arg[Path | None, typer.Option("-o", "--output", help="Write here, not to the terminal.")]
HOME = Path("data/articles")


@labels.command("import")
def import_(
    files: Arg[list[Path], typer.Argument(help="Files or folders of labels.", metavar="FILE")],
    into: Into,
    form: Form = Format.auto,
    replace: Arg[bool, typer.Option("--replace", help="Let new labels win over contradicting old ones.")] = False,
    one_class: Arg[bool, typer.Option("--one-class", help="Take labels that are all the same.")] = False,
) -> None:
    """Bring labels into the corpus: known articles are updated where they stand, new ones added.

    Example: framing labels import tasks.json --into data/articles/new.txt
    """
    from framing import exchange, merging
    from framing.labels import check_classes
    from framing.output import write_files

    known = merging.corpus_around(into)
    by_id = {article.id: article for article in known}
    found = merging.combine(article for file in files for article in exchange.read_labels(file, form.value, by_id))
    if not one_class or not any(article.labelled for article in found):
        check_classes(found)
    merged = merging.merge(known, found, newer_wins=replace)
    for contradiction in merged.contradictions:
        tell(str(contradiction))
    if merged.contradictions and not replace:
        n = len(merged.contradictions)
        raise FramingError(f"{n} of the labels contradict the corpus, nothing is written (--replace lets the new win)")
    texts = merging.new_texts(merged, into)
    write_files(texts.items())
    print(f"{merged.summary()}; written: {', '.join(map(str, texts)) or 'nothing'}")


@labels.command()
def export(
    sources: Arg[
        list[str] | None,
        typer.Argument(help="Labels of any format, or articles without. (default: data/articles)", metavar="SOURCE"),
    ] = None,
    form: Form = Format.jsonl,
    output: Output = None,
    model: Arg[str | None, typer.Option(help="Put this model's reading beside sentences without a label.")] = None,
    order: Arg[Order | None, typer.Option(help="The doubtful first, by model (auto) or by two models.")] = None,
    limit: Arg[int | None, typer.Option(min=1, help="Whole articles, until they hold so many sentences.")] = None,
    drafts: Arg[bool, typer.Option("--drafts", help="Only articles that lack a label.")] = False,
    config: Arg[bool, typer.Option("--config", help="Only Label Studio's labelling interface.")] = False,
) -> None:
    """Write labels for another tool, or articles for a person to label.

    Example: framing labels export new/*.txt --format labelstudio --model accurate --order certain -o tasks.json
    """
    from framing import exchange, registry, review

    if config:
        _emit(exchange.labelling_config(), output)
        return
    if form is Format.auto or (form is Format.datasets and output is None):
        raise FramingError(f"--format {form.value}: " + ("say which" if form is Format.auto else "needs -o, a folder"))
    found = review.gather(sources or [str(HOME)], registry.builtin())
    wanted = [a for a in found if not drafts or any(row.label is None for row in a.readable)]
    if not wanted:
        raise FramingError(f"none of the {len(found)} articles lacks a label")
    if model and form is Format.corpus:
        tell("the corpus format holds no predictions, they are left out")
        model = model if order is Order.certain else None
    wanted, predictions = _read_by_models(wanted, model, order)
    taken = review.take(wanted, limit)
    if form is Format.datasets and output:
        exchange.save_datasets(taken, output, predictions, model or "")
    else:
        _emit(exchange.render(taken, form.value, predictions, model or ""), output)
    sentences = sum(len(article.readable) for article in taken)
    tell(f"{len(taken)} of {len(found)} articles, {sentences} sentences")


def _read_by_models(
    articles: list[LabelledArticle], model: str | None, order: Order | None
) -> tuple[list[LabelledArticle], Predictions]:
    """Articles in order, and what `model` says of those that lack a label."""
    from framing import review
    from framing.annotator import load
    from framing.progress import Progress

    def read(name: str, some: Sequence[LabelledArticle]) -> Predictions:
        with Progress() as progress:
            return review.predict(progress.each(f"reading by {name}", some), load(name))

    lacking = [a for a in articles if any(row.label is None for row in a.readable)]
    if order is Order.disagreement:
        two = {name: read(name, articles) for name in ("baseline", "accurate")}
        articles = review.most_disputed(articles, two["baseline"], two["accurate"])
        readings = two[model] if model in two else read(model, lacking) if model else {}
    elif order is Order.certain:
        readings = read(model or "auto", articles)
        articles = review.least_certain(articles, readings)
    else:
        readings = read(model, lacking) if model else {}
    return articles, {a.id: readings[a.id] for a in lacking} if model else {}


@labels.command()
def add(
    sources: Arg[list[str], typer.Argument(help="Articles without labels: files, folders, URLs.", metavar="SOURCE")],
    into: Into,
    outlet: Arg[str, typer.Option(help="The outlet.")] = "",
    event: Arg[str, typer.Option(help="The story, the same for all articles on it. (default: the article)")] = "",
    country: Arg[str, typer.Option(help="The controlling state it is about, two letters.")] = "",
    genre: Arg[str, typer.Option(help="wire, state, analysis, oped, feature, …")] = "",
    date: Arg[str, typer.Option(help="YYYY-MM-DD. (default: what the text gives)")] = "",
    state_outlet: Arg[
        bool | None, typer.Option(help="Whether a state controls the outlet. (default: what the registry knows)")
    ] = None,
) -> None:
    """Bring new articles in as drafts: cut into sentences, each with `?` for a label.

    Example: framing labels add article.txt --into data/articles/new.txt --outlet Yonhap
    """
    from framing import dates, merging, read, registry
    from framing.labels import draft
    from framing.output import write_files

    given = {"outlet": outlet, "event": event, "country": country, "genre": genre, "date": date and dates.given(date)}
    facts = {key: value for key, value in given.items() if value}
    known = {article.id: f"{article.file}:{article.line}" for article in merging.corpus_around(into)}
    merged = merging.Merge()
    for source in sources:
        for article in read.read(source):
            for note in article.notes:
                tell(note)
            made = draft(article, registry.builtin(), facts, state_outlet)
            if made.id in known:
                raise FramingError(f"{made.file}: an article {made.id!r} stands already at {known[made.id]}")
            known[made.id] = made.file
            merged.added.append(made)
    write_files(merging.new_texts(merged, into).items())
    for made in merged.added:
        rest = len(made.sentences) - len(made.readable)
        print(f"{into}: {clean(made.id)}, {len(made.readable)} sentences to label, {rest} lines that are none")


@labels.command()
def check(paths: Paths = None) -> None:
    """Find every fault of the corpus, with file and line: format, headers, identity, splits.

    Example: framing labels check data/articles
    """
    from framing.labels import check as find

    articles, faults = find(paths or [HOME])
    for fault in faults:
        tell(fault)
    drafts = sum(not article.labelled for article in articles)
    thin = sum(0 < 2 * len(article.labelled) < len(article.readable) for article in articles)
    print(f"{len(articles)} articles: {len(faults)} faults, {drafts} drafts, {thin} with most labels lacking")
    if faults:
        raise typer.Exit(2)


@labels.command()
def stats(paths: Paths = None) -> None:
    """Count articles, labels, grades, kinds, countries, genres, outlets and drafts.

    Example: framing labels stats data/articles
    """
    from framing.dataset import read_articles
    from framing.labels import stats as table

    sys.stdout.write(table(read_articles(*(paths or [HOME]), drafts=True)))


@labels.command()
def audit(
    data: Arg[Path, typer.Option(help="The corpus: a folder with articles/ and splits.json.")] = Path("data"),
    top: Arg[int, typer.Option(min=1, help="How many of each list to show.")] = 200,
) -> None:
    """List labels likely wrong, near-duplicates across splits, words that give a label away (needs the audit extra).

    Example: framing labels audit --top 50
    """
    from framing import audit as auditing
    from framing import dataset
    from framing.mentions import Finder
    from framing.registry import builtin

    articles = dataset.read_articles(data / "articles")
    parts = dataset.load_splits(articles, data / "splits.json")
    doubted = auditing.suspects(articles, Finder(builtin()))
    sys.stdout.write(auditing.to_text(doubted, auditing.duplicates(parts), auditing.cues(articles), top))


@labels.command()
def compare(
    first: Arg[Path, typer.Argument(help="One annotator's labels, in any format.", metavar="A")],
    second: Arg[Path, typer.Argument(help="The other's.", metavar="B")],
    layout: Arg[
        DisputeFormat, typer.Option("--format", help="Figures and disputes, or the disputes as a table.")
    ] = DisputeFormat.text,
    output: Output = None,
) -> None:
    """Say how far two annotators agree, and list their disputes.

    Example: framing labels compare ann.txt ben.txt --format tsv -o disputes.tsv
    """
    from framing import agreement
    from framing.exchange import read_labels

    found = agreement.compare(read_labels(first), read_labels(second))
    names = (str(first), str(second))
    _emit(agreement.to_text(found, names) if layout is DisputeFormat.text else agreement.to_tsv(found), output)


def _emit(text: str, output: Path | None) -> None:
    from framing.output import write_file

    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)
