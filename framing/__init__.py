"""framing: read a news article and say, sentence by sentence, on whose word it rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.schema import Annotated, Article

__version__ = "0.1.0"
__all__ = ["annotate", "annotate_all"]


def annotate(article: Article | str, model: str = "auto") -> Annotated:
    """Annotate one article, given as a text or an Article, with a model by name or path.

    A model is opened once a process and shared by its threads. Raises framing.schema.FramingError where
    the text is empty or the model cannot be opened.
    """
    from framing.annotator import shared

    return shared(model)(article)


def annotate_all(articles: Iterable[Article | str], model: str = "auto") -> Iterator[Annotated]:
    """Annotate a stream of articles: one is taken and annotated whenever the next result is asked for.

    The model is found at once, so an unknown one raises FramingError here; an article that cannot be
    annotated raises it in its turn, and asking again goes on with the next. Threads may share the
    model, but an iterator is for one thread.
    """
    from framing.annotator import shared

    return shared(model).all(articles)
