"""New labels over old ones: what is new, what is the same, what contradicts; nothing goes uncounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from framing.dataset import corpus_files, read_articles, read_text
from framing.labels import UNSAID, completed
from framing.line_format import describe, header_line, parse, to_line, write_articles
from framing.records import HEADER_FACTS, LabelledArticle, LabelledSentence
from framing.schema import FramingError

Verdict = Literal["same", "updated", "contradicted", "unlabelled"]
Patches = dict[str, dict[int, str]]  # file → number of a line → what is to stand there


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two readings of one sentence, or of one fact of a header."""

    article: str
    place: str  # the line's, or the header's key
    old: str
    new: str
    where: str  # the newer one's file and line

    def __str__(self) -> str:
        return f"{self.where}: article {self.article}, {self.place}: {self.old} → {self.new}"


@dataclass
class Merge:
    """What new labels do to the corpus; `patches` hold the replacements only where they were asked for."""

    added: list[LabelledArticle] = field(default_factory=list)
    patches: Patches = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """All counts in one line."""
        names = ("updated", "same", "contradicted", "replaced", "unlabelled", "header facts")
        counted = (f"{self.counts[name]:,} {name}" for name in names)
        return f"{len(self.added):,} articles added ({self.counts['added']:,} sentences); {', '.join(counted)}"


def corpus_around(into: Path) -> list[LabelledArticle]:
    """The labelled articles of the folder a file stands or is to stand in, and of those below it; drafts too."""
    if not into.parent.is_dir():
        raise FramingError(f"{into.parent}: no such folder")
    if into.is_file() and not is_corpus(into) and into.stat().st_size:
        raise FramingError(f"{into}:1: not a file of labelled articles (=== {{…}})")
    files = [file for file in corpus_files(into.parent) if is_corpus(file)]
    files += [into] if into.is_file() and into not in files and is_corpus(into) else []
    return read_articles(*files, drafts=True) if files else []


def is_corpus(file: Path) -> bool:
    """Whether a file begins like labelled articles in the line format."""
    try:
        with file.open("rb") as handle:
            return handle.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"===")
    except OSError:
        return False


def combine(articles: Iterable[LabelledArticle]) -> list[LabelledArticle]:
    """Put several files' labels of an article together; what one header does not know, the other tells.

    Raises FramingError where one file holds an article twice, or two files disagree about a label or
    a fact. Of keys that the format does not ask for, such as where a text was found, the first stays.
    """
    found: dict[str, LabelledArticle] = {}
    for article in articles:
        first = found.setdefault(article.id, article)
        if first is article:
            continue
        if first.file == article.file:
            raise FramingError(f"{_where(article)}: article {article.id!r} stands already at {_where(first)}")
        found[article.id] = _both(first, article)
    return list(found.values())


def _both(first: LabelledArticle, second: LabelledArticle) -> LabelledArticle:
    rows: list[LabelledSentence] = []
    disputes: list[str] = []
    for index, (one, other) in enumerate(_pairs(first, second)):
        if _verdict(one, other) == "contradicted":
            disputes.append(
                f"{second.file}:{other.line}: article {first.id!r}, line {index}: {describe(other)}, "
                f"but {describe(one)} at {first.file}:{one.line}"
            )
        rows.append(other if _verdict(one, other) == "updated" else one)
    taken = first
    for key, old, new, verdict in _news(first, second):
        own = first.id if key == "event" else None  # what labels.completed gives an article without an event
        if verdict == "updated" or old == own:
            taken = _with(taken, key, new)
        elif key in HEADER_FACTS and new != own:
            where = f"{_where(second)}: article {first.id!r}, {key} {new!r}"
            raise FramingError(f"{where}, but {old!r} at {_where(first)}")
    if disputes:
        raise FramingError(f"{disputes[0]}; annotators disagree {len(disputes)} times (framing labels compare)")
    return replace(taken, sentences=tuple(rows))


def merge(known: Sequence[LabelledArticle], incoming: Sequence[LabelledArticle], newer_wins: bool = False) -> Merge:
    """Lay new labels over the known ones, sentence by sentence.

    A contradicting label is listed, and put in place only where the newer wins. Raises FramingError
    where an article's text is not the known one's.
    """
    found = Merge()
    by_id = {article.id: article for article in known}
    for article in incoming:
        base = by_id.get(article.id)
        if base is None:
            found.added.append(completed(article))
            found.counts["added"] += len(article.readable)
            found.counts["unlabelled"] += len(article.readable) - len(article.labelled)
            continue
        for index, (old, new) in enumerate(_pairs(base, article)):
            verdict = _verdict(old, new)
            if new.kind != "boilerplate" or verdict != "same":
                found.counts[verdict] += 1
            clash = Contradiction(article.id, f"line {index}", describe(old), describe(new), _where(article, new))
            if _decide(found, verdict, clash, newer_wins):
                found.patches.setdefault(base.file, {})[old.line] = to_line(new, article)
        _merge_header(found, base, article, newer_wins)
    return found


def _decide(found: Merge, verdict: Verdict, clash: Contradiction, newer_wins: bool) -> bool:
    """Count a contradiction; whether the new reading goes into the corpus."""
    if verdict == "contradicted":
        found.contradictions.append(clash)
        found.counts["replaced"] += newer_wins
        return newer_wins
    return verdict == "updated"


def _verdict(old: LabelledSentence, new: LabelledSentence) -> Verdict:
    """How a new reading stands to an old one."""
    if (old.label, old.grade, old.kind, old.mention) == (new.label, new.grade, new.kind, new.mention):
        return "same" if new.label is not None or new.kind == "boilerplate" else "unlabelled"
    undecided = old.label is None and old.kind != "boilerplate"
    if new.label is None and new.kind != "boilerplate":
        return "updated" if undecided and new.mention and not old.mention else "unlabelled"
    return "updated" if undecided else "contradicted"


def _merge_header(found: Merge, base: LabelledArticle, article: LabelledArticle, newer_wins: bool) -> None:
    taken = base
    for key, old, new, verdict in _news(base, article):
        found.counts["header facts" if verdict == "updated" else verdict] += 1
        clash = Contradiction(article.id, key, repr(old), repr(new), _where(article))
        if _decide(found, verdict, clash, newer_wins):
            taken = _with(taken, key, new)
    if taken is not base:
        found.patches.setdefault(base.file, {})[base.line] = header_line(taken)


def _news(old: LabelledArticle, new: LabelledArticle) -> Iterator[tuple[str, object, object, Verdict]]:
    """What a header says otherwise than an older one: key, both facts, and whether it updates or contradicts."""
    said, known = _facts(old), _known(old)
    for key, fact in _known(new).items():
        if fact != said.get(key):
            yield key, said.get(key), fact, "contradicted" if key in known else "updated"


def _facts(article: LabelledArticle) -> dict[str, object]:
    return {key: getattr(article, key) for key in HEADER_FACTS} | article.extra


def _known(article: LabelledArticle) -> dict[str, object]:
    """The facts that a header knows, without those that stand there because the format wants something."""
    found = {key: fact for key, fact in _facts(article).items() if fact not in UNSAID}
    if article.outlet in UNSAID and not article.state_outlet:
        del found["state_outlet"]
    return found


def _with(article: LabelledArticle, key: str, fact: object) -> LabelledArticle:
    change = {key: fact} if key in HEADER_FACTS else {"extra": article.extra | {key: fact}}
    return replace(article, **change)


def _pairs(old: LabelledArticle, new: LabelledArticle) -> Iterator[tuple[LabelledSentence, LabelledSentence]]:
    """The two articles' lines side by side; raises FramingError where they are not the same text."""
    for index, (a, b) in enumerate(zip(old.sentences, new.sentences, strict=False)):
        if a.text != b.text:
            raise FramingError(
                f"{_where(new, b)}: line {index} of article {new.id!r} reads {b.text!r}, "
                f"but at {_where(old, a)} it reads {a.text!r}"
            )
    if len(old.sentences) != len(new.sentences):
        raise FramingError(
            f"{_where(new)}: article {new.id!r} has {len(new.sentences)} lines, "
            f"but {len(old.sentences)} at {_where(old)}"
        )
    return zip(old.sentences, new.sentences, strict=True)


def _where(article: LabelledArticle, row: LabelledSentence | None = None) -> str:
    return f"{article.file}:{row.line if row and row.line else article.line}"


def new_texts(found: Merge, into: Path) -> dict[Path, str]:
    """The files a merge changes, as they are to be; every line it does not change stays as it was.

    Raises FramingError where one of them could not be read again.
    """
    texts = {Path(file): _patched(Path(file), lines) for file, lines in found.patches.items()}
    if found.added:
        before = texts.get(into) or (_as_it_is(into) if into.is_file() else "")
        gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
        texts[into] = before + gap + write_articles(found.added)
    for file, text in texts.items():
        for _ in parse(text, str(file)):  # raises before anything is written what reading it would raise
            pass
    return texts


def _patched(file: Path, lines: dict[int, str]) -> str:
    found = _as_it_is(file).splitlines(keepends=True)
    for number, text in lines.items():
        old = found[number - 1]
        found[number - 1] = text + old[len(old.rstrip("\r\n")) :]
    return "".join(found)


def _as_it_is(file: Path) -> str:
    """A file's text with the line ends it has; a byte-order mark goes, as the line format has no use for it."""
    read_text(file)  # says in one line where the file cannot be read
    return file.read_bytes().decode("utf-8-sig")
