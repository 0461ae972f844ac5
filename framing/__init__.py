"""framing: read a news article and say, sentence by sentence, on whose word it rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.annotator import Annotator
    from framing.schema import Annotated, Article

__version__ = "0.1.0"
__all__ = ["annotate", "annotate_all"]


def annotate(article: Article | str, model: str = "auto") -> Annotated:
    """Annotate one article, given as a text or an Article, with a model by name or path.

    Raises framing.schema.FramingError where the text is empty or the model cannot be opened.
    """
    return _annotator(model)(article)


def annotate_all(articles: Iterable[Article | str], model: str = "auto") -> Iterator[Annotated]:
    """Annotate articles one by one, as they are asked for."""
    return _annotator(model).all(articles)


@cache
def _annotator(model: str) -> Annotator:
    from framing.annotator import load

    return load(model)
