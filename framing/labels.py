"""Articles to be labelled; what is wrong with labelled ones, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from framing.dataset import counts, load_splits, read_articles
from framing.dates import iso_date
from framing.document import identified
from framing.line_format import one_line, tidy
from framing.read import SUFFIXES, file_name
from framing.records import LabelledArticle, LabelledSentence
from framing.registry import Registry
from framing.schema import CODES, Article, FramingError
from framing.split import split
from framing.terminal import clean

UNSAID = ("", "-", None)  # what a header says where it does not know


def draft(
    article: Article, registry: Registry, facts: Mapping[str, str] | None = None, state_outlet: bool | None = None
) -> LabelledArticle:
    """An article cut into sentences without labels; `facts` of the header win over what the article knows."""
    sentences, skipped = split(article)
    article = identified(article, sentences, skipped, registry)
    lines = sorted((*sentences, *skipped), key=lambda piece: piece.start)
    rows = tidy(LabelledSentence(one_line(s.text), None, None, s.kind, s.paragraph, None) for s in lines)
    known = {"outlet": article.outlet or "", "date": article.date or ""} | dict(facts or {})
    outlet, date = known["outlet"], known["date"]
    if state_outlet is None:
        state_outlet = registry.outlet_class(outlet) == "state"
    event, country, genre = (known.get(key, "") for key in ("event", "country", "genre"))
    file = article.path or ""
    name = file_name(file)
    name = name.removesuffix(Path(name).suffix) if name.lower().endswith(SUFFIXES) else name  # "kcna.2024.1" has none
    extra: dict[str, object] = {"path": file} if file else {}
    return completed(
        LabelledArticle(
            id=name or "article",
            event=event,
            outlet=outlet,
            state_outlet=state_outlet,
            country=country,
            genre=genre,
            date=date,
            sentences=rows,
            file=file,
            line=1,
            extra=extra,
        )
    )


def completed(article: LabelledArticle) -> LabelledArticle:
    """An article with "-" for facts it does not know, and itself for the event."""
    return replace(
        article,
        event=article.event or article.id,
        outlet=article.outlet or "-",
        country=article.country or "-",
        genre=article.genre or "-",
    )


def check(paths: Sequence[Path]) -> tuple[list[LabelledArticle], list[str]]:
    """Read labelled articles and return them with every fault of format, header, identity and splits."""
    faults: list[str] = []
    articles = read_articles(*paths, drafts=True, faults=faults)
    for article in articles:
        if article.date and iso_date(article.date) != article.date:
            told = f"the date {article.date!r} is none as YYYY-MM-DD, YYYY-MM or YYYY"
            faults.append(f"{article.file}:{article.line}: {told}")
    homes = {folder for path in paths for folder in (path, path.parent, path.parent.parent)}
    for file in sorted(folder / "splits.json" for folder in homes if (folder / "splits.json").is_file()):
        try:
            load_splits(articles, file, faults)
        except FramingError as error:
            faults.append(str(error))
    return articles, faults


def check_classes(articles: Sequence[LabelledArticle]) -> None:
    """Raise FramingError where there are no labels, or all are the same."""
    found = Counter(row.label for article in articles for row in article.labelled)
    names = ", ".join(dict.fromkeys(article.file for article in articles))
    if not found:
        raise FramingError(f"{names}: no label in it (a model's predictions are not labels)")
    if len(found) == 1:
        label = CODES[next(iter(found)) or 0]
        raise FramingError(
            f"{names}: all {found.total()} labels are {label}, and from one class nothing is learnt"
            " (--one-class takes them all the same)"
        )


def stats(articles: Sequence[LabelledArticle]) -> str:
    """Counts of labelled articles as a table."""
    rows = [row for article in articles for row in article.readable]
    labelled = sum(row.label is not None for row in rows)
    drafts = sum(not article.labelled for article in articles)
    lines = [
        ("articles", f"{len(articles):,}, {drafts:,} of them drafts without a label"),
        ("sentences", f"{labelled:,} labelled, {len(rows) - labelled:,} not yet"),
        ("not sentences", f"{sum(len(a.sentences) for a in articles) - len(rows):,}"),
    ]
    for name, table in counts(articles).items():
        total = max(1, table.total())
        for place, (value, n) in enumerate(table.most_common()):
            lines.append((name if place == 0 else "", f"{clean(value):<24} {n:>7,} {n / total:>5.0%}"))
    return "".join(f"{name:<14}{value}\n" for name, value in lines)
