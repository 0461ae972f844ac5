"""What an article may be at most, and how a batch is cut; each has its option on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from framing.schema import FramingError, Sentence

# A kill loses the shards in work, and at the end of a run workers wait for the last shard: with 200
# articles a shard two workers cannot be over 1.67 times as fast as one on 1,000 articles, with 50 they reach 2.
SHARD = 50
JOBS = 4  # at most: every worker holds a model


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one article; None is no limit. The defaults stop what is no article, not a long one."""

    bytes: int = 10_000_000  # of its file or line: 60 times the longest feature article
    sentences: int = 20_000
    sentence_chars: int | None = None  # by default the model reads the beginning of an overlong sentence
    seconds: float | None = None
    private: bool = False  # whether pages may be read from private and loopback addresses

    def check_bytes(self, size: int, name: str) -> None:
        """Raise FramingError where a file or line is too large."""
        if size > self.bytes:
            limit = f"{self.bytes / 1e6:g} MB" if self.bytes >= 1e6 else f"{self.bytes:,} bytes"
            raise FramingError(f"{name}: larger than the limit of {limit} (framing predict --max-bytes raises it)")

    def check_sentences(self, sentences: Sequence[Sentence], name: str) -> None:
        """Raise FramingError where there are too many sentences or one is too long."""
        if len(sentences) > self.sentences:
            found = f"{len(sentences):,} sentences, over the limit of {self.sentences:,}"
            raise FramingError(f"{name}: {found} (--max-sentences)")
        if self.sentence_chars is None:
            return
        for sentence in sentences:
            if (size := len(sentence.text)) > self.sentence_chars:
                found = f"sentence {sentence.index} has {size:,} characters, over the limit of {self.sentence_chars:,}"
                raise FramingError(f"{name}: {found} (--max-sentence-length)")


LIMITS = Limits()


class Clock:
    """Measures an article's time between the stages of its annotation; it interrupts none."""

    def __init__(self, limits: Limits, name: str) -> None:
        self.limit = limits.seconds
        self.name = name
        self.started = monotonic()

    def check(self) -> None:
        """Raise FramingError where the article has taken too long."""
        if self.limit is not None and (taken := monotonic() - self.started) > self.limit:
            raise FramingError(f"{self.name}: {taken:.1f} s, {overtime(self.limit)}")


def overtime(limit: float) -> str:
    """What is said of an article that takes over `limit` seconds."""
    return f"over the limit of {limit:g} s an article (--max-seconds)"
