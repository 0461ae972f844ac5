"""Labels and the frozen records that pass between modules; imports nothing of framing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Label = Literal["state_media_claim", "independent_report", "analyst_speculation"]
Kind = Literal["headline", "subhead", "body", "caption", "boilerplate"]
Stance = Literal["quoted", "distanced", "adopted"]
Mark = tuple[int, int, Kind]  # what a page's mark-up says of a stretch of its text
OutletClass = Literal["state", "independent", "unknown"]
Tier = Literal["closed", "contested", "open"]  # how a country's media stand to its state

Span = tuple[int, int]  # a stretch of a text: the offset of its first character, and of the one behind its last

LABELS: tuple[Label, ...] = ("state_media_claim", "independent_report", "analyst_speculation")
CODES = "SIA"  # the annotation guide's letters, in the order of LABELS
GRADES = (0, 1, 2)  # loading: plain, coloured, propagandistic
SCHEMA_VERSION = "framing/1"


def letter(label: Label) -> str:
    """The annotation guide's letter for a label."""
    return CODES[LABELS.index(label)]


class FramingError(Exception):
    """Input or usage the user can mend; the command line prints it as one line and exits with 2."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text as it was read, with what is known about it.

    `text` is never altered; every offset in framing counts its Unicode code points.
    """

    text: str
    path: str | None = None
    title: str | None = None
    outlet: str | None = None
    date: str | None = None  # ISO 8601, possibly cut to a month or year
    language: str = "en"
    notes: tuple[str, ...] = ()  # what the reader had to assume, e.g. an encoding
    marks: tuple[Mark, ...] = ()  # paragraphs whose kind the reader knows, in order


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of an article: `article.text[start:end] == text`."""

    index: int
    start: int
    end: int
    kind: Kind
    text: str
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text; offsets into it.

    `cls` is one of registry.SOURCE_CLASSES, or "place" for a country, its people or its capital; `tier`
    is that of the country the name belongs to, None where it belongs to none.
    """

    start: int
    end: int
    entity: str
    cls: str
    country: str
    tier: Tier | None
    person: bool = False
    office: bool = False  # a generic noun, its state taken from beside it


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches for a sentence; offsets are into the article and, if inherited, lie in an earlier sentence.

    `turn` is whether it speaks in a turn of an interview: what is inherited there is no guess.
    """

    text: str
    start: int
    end: int
    entity: str
    cls: str
    cue: str | None = None
    inherited: bool = False
    turn: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A loaded term and whose it is; `reason` says why it is shown."""

    text: str
    start: int
    end: int
    technique: str
    stance: Stance
    reason: str = ""

    @property
    def quoted(self) -> bool:
        """Whether it stands inside quotation marks; else the writer adopts it or distances himself."""
        return self.stance == "quoted"


@dataclass(frozen=True, slots=True)
class Loading:
    """How loaded the wording is: grade 0..2 and the expected grade over 2 as a score in 0..1."""

    grade: int
    score: float
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says of one sentence.

    `scores` are calibrated probabilities in the order of LABELS and sum to 1; `loading` is the
    expected grade over 2, in 0..1. Offsets into the sentence, or None: `span` is the source mention
    the model points at, `stretch` the words that raise its grade most.
    """

    scores: tuple[float, float, float]
    grade: int
    loading: float
    span: Span | None = None
    stretch: Span | None = None

    @property
    def label(self) -> Label:
        """The most probable label."""
        return LABELS[self.scores.index(max(self.scores))]

    @property
    def confidence(self) -> float:
        """Probability of the label."""
        return max(self.scores)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Names a model in every output."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with everything framing says about it."""

    sentence: Sentence
    scores: tuple[float, float, float]
    label: Label
    confidence: float
    uncertain: bool
    loading: Loading
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A source and the number of sentences that rest on it."""

    entity: str
    cls: str
    sentences: int


@dataclass(frozen=True, slots=True)
class Summary:
    """An article in figures; every share is a share of its sentences, in 0..1."""

    sentences: int
    shares: dict[str, float]
    loading_mean: float
    loading_adopted: float
    loading_quoted: float
    sources: tuple[SourceCount, ...] = ()
    reliance: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """The product: an article, its sentences tagged, what was skipped, and the summary."""

    model: ModelInfo
    article: Article
    outlet_class: OutletClass
    sentences: tuple[Tagged, ...]
    skipped: tuple[Sentence, ...]
    summary: Summary
