"""Labels without their texts: a table that whoever has the texts can join to them again.

The texts of real articles belong to their publishers and are not ours to publish; where each
sentence stands and what it was labelled is. One row a sentence: repository, path, article id, index,
the sentence's hash, label, grade, kind, and where in the sentence the source mention stands. The real
measuring set, laid out in a like way, is read here too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from framing.dataset import read_text, sentence_hash
from framing.records import LabelledArticle, LabelledSentence
from framing.schema import CODES, Article, FramingError, Kind, Sentence
from framing.split import split

_ROW = re.compile(
    rf"[0-9]{{1,9}}\t[0-9a-f]{{12}}\t[{CODES}]\t[012]\t(?:headline|subhead|body|caption)\t(?:[0-9]{{1,9}}-[0-9]{{1,9}})?"
)
STANDOFF_COLUMNS = ("repo", "path", "id", "index", "hash", "label", "grade", "kind", "mention")


def table(articles: Iterable[LabelledArticle]) -> str:
    """The stand-off table of labelled articles, tab-separated, with a header line."""
    lines = ["\t".join(STANDOFF_COLUMNS)]
    for article in articles:
        origin = (str(article.extra.get("repo", "")), str(article.extra.get("path", "")), article.id)
        for index, row in enumerate(article.readable):
            if row.label is None:
                continue
            mention = f"{row.mention[0]}-{row.mention[1]}" if row.mention else ""
            cells = (str(index), sentence_hash(row.text), CODES[row.label], str(row.grade), row.kind, mention)
            lines.append("\t".join((*origin, *cells)))
    return "\n".join(lines) + "\n"


def rebuild(file: Path, texts: Path) -> tuple[list[LabelledArticle], int]:
    """Join a stand-off table to the articles' texts, `texts`/ID.txt or `texts`/PATH.

    Returns the labelled articles and the number of rows whose sentence was not found. Raises
    FramingError where the table is not one, a text is not UTF-8, or no text at all is found.
    """
    lines = read_text(file).splitlines()
    if not lines or tuple(lines[0].split("\t")) != STANDOFF_COLUMNS:
        raise FramingError(f"{file}:1: not a stand-off table (columns {', '.join(STANDOFF_COLUMNS)})")
    by_article: dict[str, list[list[str]]] = {}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(STANDOFF_COLUMNS):
            raise FramingError(f"{file}:{number}: {len(cells)} columns, expected {len(STANDOFF_COLUMNS)}")
        if not _ROW.fullmatch("\t".join(cells[3:])):
            told = "expected S I A, 0 1 2, a kind, START-END of a mention or nothing, and before them index and hash"
            raise FramingError(f"{file}:{number}: {told}")
        by_article.setdefault(cells[2], []).append(cells)
    found, missing = [], 0
    for name, rows in by_article.items():
        path = next((p for p in (texts / f"{name}.txt", texts / rows[0][1]) if p.is_file()), None)
        if path is None:
            missing += len(rows)
            continue
        sentences = _joined(path, rows)
        missing += len(rows) - sum(s.label is not None for s in sentences)
        extra: dict[str, object] = {"repo": rows[0][0], "path": rows[0][1]}
        found.append(
            LabelledArticle(
                id=name, event=name, outlet="-", state_outlet=False, country="-", genre="-", date="",
                sentences=tuple(sentences), file=str(path), extra=extra,
            )
        )  # fmt: skip
    if not found:
        raise FramingError(f"{texts}: none of the texts that {file} names")
    return found, missing


def _joined(path: Path, rows: Sequence[Sequence[str]]) -> list[LabelledSentence]:
    """An article's sentences with their labels; a sentence that stands twice takes its rows in order of index."""
    known: dict[str, list[Sequence[str]]] = {}
    for row in sorted(rows, key=lambda row: -int(row[3])):
        known.setdefault(row[4], []).append(row)
    sentences = _with_datelines(read_text(path), set(known))
    left = Counter(sentence_hash(sentence.text) for sentence in sentences)
    out = []
    for sentence in sentences:
        name = sentence_hash(sentence.text)
        waiting = known.get(name, ())
        left[name] -= 1
        # Where fewer rows than occurrences are left, the row's index says which one it is of.
        if not waiting or (sentence.index < int(waiting[-1][3]) and len(waiting) <= left[name]):
            out.append(LabelledSentence(sentence.text, None, None, sentence.kind, sentence.paragraph, None))
            continue
        row = waiting.pop()
        start, _, end = row[8].partition("-")
        kind: Kind = row[7]  # type: ignore[assignment]
        mention = (int(start), int(end)) if end else None
        if mention and not mention[0] < mention[1] <= len(sentence.text):
            raise FramingError(f"{path}: sentence {row[3]} of {row[2]} has no mention at {row[8]}")
        out.append(LabelledSentence(sentence.text, CODES.index(row[5]), int(row[6]), kind, sentence.paragraph, mention))
    return out


def _with_datelines(text: str, known: set[str]) -> list[Sentence]:
    """A text's sentences, each with the dateline before it where it was labelled with one, which split cuts off."""
    sentences, skipped = split(Article(text))
    cut_off = {piece.end: piece.start for piece in skipped}
    out, at = [], 0
    for sentence in sentences:
        gap = len(text[at : sentence.start]) - len(text[at : sentence.start].rstrip())
        start = cut_off.get(sentence.start - gap, sentence.start)
        whole = text[start : sentence.end]
        out.append(replace(sentence, start=start, text=whole) if sentence_hash(whole) in known else sentence)
        at = sentence.end
    return out


def read_gold(folder: Path) -> list[LabelledArticle]:
    """Read a measuring set laid out as texts and a table: articles/ID.txt, articles/meta.json, gold.tsv.

    gold.tsv has id, index, sentence hash, code ("-" where disputed), source mention and sentence,
    separated by tabs. The sentences' paragraphs are the text's lines. Raises FramingError where it is damaged or empty.
    """
    try:
        articles = _gold_articles(folder)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise FramingError(f"{folder}: damaged gold set ({type(error).__name__}: {error})") from error
    if not articles:
        raise FramingError(f"{folder}: no articles in the gold set")
    return articles


def _gold_articles(folder: Path) -> list[LabelledArticle]:
    meta = json.loads(read_text(folder / "articles" / "meta.json"))
    rows: dict[str, list[tuple[int, list[str]]]] = {}  # with the numbers of their lines
    for number, line in enumerate(read_text(folder / "gold.tsv").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 6:
            raise FramingError(f"{folder / 'gold.tsv'}:{number}: {len(cells)} columns, expected 6")
        rows.setdefault(cells[0], []).append((number, cells))
    return [_gold_article(folder, name, cells, meta[name]) for name, cells in rows.items()]


def _gold_article(
    folder: Path, name: str, rows: list[tuple[int, list[str]]], meta: dict[str, object]
) -> LabelledArticle:
    text = read_text(folder / "articles" / f"{name}.txt")
    sentences: list[LabelledSentence] = []
    at = paragraph = 0
    for number, (line, (_, _, _, code, mention, sentence)) in enumerate(rows, 1):
        found = _across_lines(sentence).search(text, at)
        if found is None:
            raise FramingError(f"{folder / 'gold.tsv'}: sentence {number} of {name} is not in its text")
        paragraph += "\n" in text[at : found.start()]
        at = found.end()
        named = _mentioned(mention, found[0]) if mention.strip() else None
        if mention.strip() and not named:
            raise FramingError(f"{folder / 'gold.tsv'}:{line}: the mention {mention!r} is not in its sentence")
        label, grade = (None, None) if code[0] not in CODES else (CODES.index(code[0]), int(code[1]))
        span = named.span() if named else None
        sentences.append(LabelledSentence(found[0], label, grade, "body", paragraph, span, number))
    return LabelledArticle(
        id=name, event=name, outlet=str(meta["outlet"]), state_outlet=bool(meta["state_outlet"]), country="",
        genre=str(meta.get("set", "")),  # slices are told apart by it
        date=str(meta["date"]), sentences=tuple(sentences), file=f"{name}.txt",
    )  # fmt: skip


def _mentioned(mention: str, sentence: str) -> re.Match[str] | None:
    """Where a mention stands in its sentence: as whole words ("he" is not in "When") if it does so anywhere."""
    words = _across_lines(mention)
    return re.compile(rf"(?<!\w){words.pattern}(?!\w)").search(sentence) or words.search(sentence)


def _across_lines(words: str) -> re.Pattern[str]:
    """A pattern of words as the table has them, wherever the text breaks its lines."""
    return re.compile(r"\s*".join(map(re.escape, words.split())))
