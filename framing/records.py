"""Labelled articles and their sentences, whatever format they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from framing.schema import Article, FramingError, Kind, Sentence, Span

HEADER_FACTS = ("event", "outlet", "state_outlet", "country", "genre", "date")  # what a header says of its article
REQUIRED = ("id", *HEADER_FACTS)


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


def not_empty(article: LabelledArticle) -> LabelledArticle:
    """The article, whatever format it was read from; raises FramingError where none of its lines is a sentence."""
    if not article.readable:
        raise FramingError(f"{article.file}:{article.line}: article {article.id!r} has no sentence")
    return article


@contextmanager
def noting(faults: list[str] | None) -> Iterator[None]:
    """Add a fault to the list and go on; without a list, let it out."""
    try:
        yield
    except FramingError as error:
        if faults is None:
            raise
        faults.append(str(error))
