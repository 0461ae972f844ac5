"""Labelled articles: the line format, validated records, splits by event and outlet, and a digest.

The format is one header line `=== {json}` an article, then one sentence a line, `CODE | text`:
provenance S, I or A, loading 0, 1 or 2, then h (headline, subhead), c (caption) or nothing; `?` in
place of the first two is a sentence without a label (a draft, or disputed); `X | text` is not a
sentence; `{}` surround the source mention; a blank line is a paragraph break.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from framing.document import Document, read_document
from framing.mentions import Finder
from framing.schema import CODES, Article, FramingError, Kind, Sentence, Span

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = ("train", "dev", "test")
LEAST_WORDS = 8  # a shorter sentence ("He declined to comment.") may stand in two splits
HEADER_FACTS = ("event", "outlet", "state_outlet", "country", "genre", "date")  # what a header says of its article
REQUIRED = ("id", *HEADER_FACTS)

_HEADER = re.compile(r"=== (\{.*\})")
_LINE = re.compile(r"(?:([SIA])([012])|\?)([hc]?) \| (.*\S.*)")
_OTHER = re.compile(r"X \| (.*\S.*)")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One line of an article; without `label` and `grade` where it is not a sentence or has no label yet."""

    text: str
    label: int | None  # index into schema.LABELS
    grade: int | None
    kind: Kind
    paragraph: int
    mention: Span | None  # the source mention, offsets into text
    line: int = 0  # of the file, for messages

    @property
    def mentioned(self) -> str:
        """The source mention's words, "" where there is none."""
        return self.text[slice(*self.mention)] if self.mention else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledArticle:
    """An article with its labels; `extra` keeps header keys the format does not require.

    Raises FramingError where `extra` holds one of those it does, for then there were two facts under one key.
    """

    id: str
    event: str
    outlet: str
    state_outlet: bool
    country: str
    genre: str
    date: str
    sentences: tuple[LabelledSentence, ...]
    file: str = ""
    line: int = 0
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if twice := [key for key in REQUIRED if key in self.extra]:
            told = f"{', '.join(twice)} in extra, which the header says itself"
            raise FramingError(f"{self.file}:{self.line}: article {self.id!r} has {told}")

    @property
    def readable(self) -> list[LabelledSentence]:
        """The lines that are sentences, labelled or not."""
        return [s for s in self.sentences if s.kind != "boilerplate"]

    @property
    def labelled(self) -> list[LabelledSentence]:
        """The sentences that have a label."""
        return [s for s in self.sentences if s.label is not None]

    def place(self) -> tuple[str, list[Span]]:
        """Return the article as a text, and where each of its lines stands in it.

        Lines of a paragraph are joined by a space, paragraphs by an empty line.
        """
        text, paragraph = "", None
        spans: list[Span] = []
        for row in self.sentences:
            text += ("" if not spans else " " if row.paragraph == paragraph else "\n\n") + row.text
            spans.append((len(text) - len(row.text), len(text)))
            paragraph = row.paragraph
        return text, spans

    def assemble(self) -> tuple[Article, list[Sentence]]:
        """Return the article as a text and its readable sentences with offsets into that text.

        Lines that are not sentences are part of the text and of no sentence.
        """
        text, spans = self.place()
        readable = [(row, at) for row, at in zip(self.sentences, spans, strict=True) if row.kind != "boilerplate"]
        sentences = [Sentence(i, *at, row.kind, row.text, row.paragraph) for i, (row, at) in enumerate(readable)]
        title = next((s.text for s in self.sentences if s.kind == "headline"), None)
        outlet = self.outlet if self.outlet not in ("", "-") else None
        return Article(text, path=self.file, title=title, outlet=outlet, date=self.date), sentences


def labelled_document(finder: Finder, labelled: LabelledArticle) -> Document:
    """A labelled article as a model reads it.

    Training, scoring and serving must see one outlet class, and serving has the registry's alone: what
    the header says of `state_outlet` is left out.
    """
    return read_document(finder, *labelled.assemble())


def read_articles(*paths: Path, drafts: bool = False, faults: list[str] | None = None) -> list[LabelledArticle]:
    """Read every labelled article below the paths (files, or folders of .txt files).

    Drafts, articles without any label yet, are left out unless asked for. Raises FramingError naming
    file and line for the first fault of the format, an id that stands twice, or an article without a
    sentence; and where there is nothing to read. With `faults`, all faults go there instead.
    """
    articles: list[LabelledArticle] = []
    seen: dict[str, str] = {}
    for file in _files(paths):
        with _noting(faults):
            for article in parse(read_text(file), str(file), faults):
                with _noting(faults):
                    _unseen(article, seen)
                    articles.append(article)
    wanted = [article for article in articles if drafts or article.labelled]
    if not wanted and not faults:
        raise FramingError(f"no labelled articles in {', '.join(map(str, paths)) or 'nothing given'}")
    return wanted


@contextmanager
def _noting(faults: list[str] | None) -> Iterator[None]:
    """Add a fault to the list and go on; without a list, let it out."""
    try:
        yield
    except FramingError as error:
        if faults is None:
            raise
        faults.append(str(error))


def _unseen(article: LabelledArticle, seen: dict[str, str]) -> None:
    where = f"{article.file}:{article.line}"
    if article.id in seen:
        raise FramingError(f"{where}: id {article.id!r} stands already at {seen[article.id]}")
    seen[article.id] = where


def parse(text: str, file: str = "<text>", faults: list[str] | None = None) -> Iterator[LabelledArticle]:
    """Yield the articles of a text in the line format, drafts too.

    Raises FramingError with file and line; with `faults`, faults go there and what stands is yielded.
    """
    blocks: list[list[tuple[int, str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("==="):
            blocks.append([])
        if blocks:
            blocks[-1].append((number, line))
        elif line.strip():
            with _noting(faults):
                raise FramingError(f"{file}:{number}: a sentence before the first header line (=== {{…}})")
    for block in blocks:
        header: dict[str, object] | None = None
        with _noting(faults):
            header = _header(block[0][1], file, block[0][0])
        rows = _rows(block[1:], file, faults)
        if header is not None:
            with _noting(faults):
                yield _article(header, rows, file, block[0][0])


def _rows(lines: Sequence[tuple[int, str]], file: str, faults: list[str] | None) -> list[LabelledSentence]:
    rows: list[LabelledSentence] = []
    paragraph, broken = 0, False  # broken: a blank line stands before the next
    for number, line in lines:
        if not line.strip():
            broken = True
            continue
        with _noting(faults):
            row = _sentence(line, file, number, bool(rows))
            paragraph += bool(rows) and (broken or row.kind != "body" or rows[-1].kind != "body")
            broken = False
            rows.append(replace(row, paragraph=paragraph))
    return rows


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(path.rglob("*.txt"))
        elif path.exists():
            files.append(path)
        else:
            raise FramingError(f"{path}: no such file or folder")
    return files


def read_text(file: Path) -> str:
    """A file as text; raises FramingError where it is not UTF-8 or cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FramingError(f"{file}: not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise FramingError(f"{file}: {error.strerror or error}") from error


def _header(line: str, file: str, number: int) -> dict[str, object]:
    match = _HEADER.fullmatch(line.rstrip())
    try:
        header = json.loads(match[1]) if match else None
    except (ValueError, RecursionError) as error:
        raise FramingError(f"{file}:{number}: the header is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise FramingError(f"{file}:{number}: a header is '=== ' and a JSON object")
    lacking = [key for key in REQUIRED if key not in header]
    if lacking:
        raise FramingError(f"{file}:{number}: the header lacks {', '.join(lacking)}")
    if not isinstance(header["state_outlet"], bool):
        raise FramingError(f"{file}:{number}: state_outlet is true or false, not {header['state_outlet']!r}")
    if wrong := [key for key in REQUIRED if key != "state_outlet" and not isinstance(header[key], str | int)]:
        raise FramingError(f"{file}:{number}: {wrong[0]} is {header[wrong[0]]!r}, not text")
    return header


def _sentence(line: str, file: str, number: int, started: bool) -> LabelledSentence:
    if other := _OTHER.fullmatch(line):
        return LabelledSentence(other[1], None, None, "boilerplate", 0, None, number)
    match = _LINE.fullmatch(line)
    if not match:
        raise FramingError(f"{file}:{number}: expected a code of S I A, 0 1 2, h c (or ?, or X), then ' | text'")
    code, grade, kind_code, marked = match.groups()
    opening, closing = marked.find("{"), marked.find("}")
    if marked.count("{") > 1 or marked.count("{") != marked.count("}") or closing < opening:
        raise FramingError(f"{file}:{number}: braces must be one balanced pair round the source mention")
    mention = None
    if opening >= 0:
        mention = (opening, closing - 1)
        if closing - 1 <= opening:
            raise FramingError(f"{file}:{number}: the braces are empty")
    text = marked.replace("{", "").replace("}", "")
    kinds: dict[str, Kind] = {"": "body", "c": "caption", "h": "subhead" if started else "headline"}
    label, loading = (CODES.index(code), int(grade)) if code else (None, None)
    return LabelledSentence(text, label, loading, kinds[kind_code], 0, mention, number)


def _article(header: dict[str, object], rows: list[LabelledSentence], file: str, line: int) -> LabelledArticle:
    extra = {key: value for key, value in header.items() if key not in REQUIRED}
    known = {key: str(header[key]) for key in REQUIRED if key != "state_outlet"}
    state = bool(header["state_outlet"])
    return not_empty(
        LabelledArticle(**known, state_outlet=state, sentences=tuple(rows), file=file, line=line, extra=extra)
    )


def not_empty(article: LabelledArticle) -> LabelledArticle:
    """The article, whatever format it was read from; raises FramingError where none of its lines is a sentence."""
    if not article.readable:
        raise FramingError(f"{article.file}:{article.line}: article {article.id!r} has no sentence")
    return article


def digest(articles: Iterable[LabelledArticle]) -> str:
    """SHA-256 of the articles' labels and texts, whatever their order and files."""
    lines = sorted(
        json.dumps([a.id, a.event, a.outlet, a.date, [(s.text, s.label, s.grade, s.mention) for s in a.sentences]])
        for a in articles
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sentence_hash(text: str) -> str:
    """The stand-off tables' name of a sentence: the first 12 digits of its SHA-1."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


def counts(articles: Iterable[LabelledArticle]) -> dict[str, Counter[str]]:
    """Count sentences by label, grade, kind, country and genre, and articles by outlet."""
    tables: dict[str, Counter[str]] = {
        name: Counter() for name in ("label", "grade", "kind", "country", "genre", "outlet")
    }
    for article in articles:
        tables["outlet"][article.outlet] += 1
        for row in article.labelled:
            assert row.label is not None
            tables["label"][CODES[row.label]] += 1
            tables["grade"][str(row.grade)] += 1
            tables["kind"][row.kind] += 1
            tables["country"][article.country] += 1
            tables["genre"][article.genre] += 1
    return tables


def load_splits(
    articles: Sequence[LabelledArticle], file: Path, faults: list[str] | None = None
) -> dict[Split, list[LabelledArticle]]:
    """Put articles into train, dev and test as the split file says, by event.

    Events the file does not name go to train or dev by a hash of their name, never to test.
    Raises FramingError where an event stands in two splits or a text repeats across splits; with
    `faults`, these go there.
    """
    named: dict[str, Split] = {}
    for split, events in read_split_file(file).items():
        for event in events:
            with _noting(faults):
                if event in named:
                    raise FramingError(f"{file}: event {event!r} is in {named[event]} and in {split}")
                named[event] = split
    parts: dict[Split, list[LabelledArticle]] = {split: [] for split in SPLITS}
    for article in articles:
        parts[named.get(article.event) or _by_hash(article.event)].append(article)
    check_repeats(parts, faults)
    return parts


def read_split_file(file: Path) -> dict[Split, list[str]]:
    """Read {"train": [event, …], "dev": […], "test": […]} from a JSON file."""
    try:
        found = json.loads(read_text(file))["events"]
        return {split: [str(event) for event in found[split]] for split in SPLITS}
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise FramingError(f"{file}: not a split file ({error})") from error


def check_repeats(parts: dict[Split, list[LabelledArticle]], faults: list[str] | None = None) -> None:
    """Raise FramingError where a sentence of LEAST_WORDS or more stands in two splits."""
    first: dict[str, tuple[Split, str]] = {}
    for split, articles in parts.items():
        for article in articles:
            for row in article.labelled:
                if len(row.text.split()) < LEAST_WORDS:
                    continue
                where = f"{article.file}:{row.line}"
                known = first.setdefault(row.text, (split, where))
                with _noting(faults):
                    if known[0] != split:
                        raise FramingError(f"{where}: this text of {split} stands in {known[0]} too, at {known[1]}")


def _by_hash(event: str) -> Split:
    return "dev" if int(hashlib.sha256(event.encode()).hexdigest(), 16) % 8 == 0 else "train"
