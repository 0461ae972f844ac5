"""framing in a spaCy pipeline: nlp.add_pipe("framing", config={"model": "fast"}); needs framing[spacy].

A document's text is annotated as an article is, with framing's own sentences: a model reads the
sentences it was trained on, and spaCy's borders, where a pipeline sets any, are neither used nor
changed. Each becomes a span of the tokens that it touches (alignment_mode="expand").

doc.spans["framing"]  a span a sentence, in order, its label_ one of framing.schema.LABELS
Span._.framing        of those spans, and of any other from the same character to the same, such as one of
                      doc.sents: the object of `sentences[]` in the output contract; of all others None.
                      Its offsets count the document's characters
Doc._.framing         the contract's `summary`; None where the document is empty or blank
Doc._.framing_article what is known of a document before it goes in: a dictionary of outlet, date, title

All values are plain dictionaries, so documents go through bytes, DocBin (store_user_data=True) and
processes with them; spaCy gives their lists back as tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from framing import artefact
from framing.annotator import shared
from framing.report import to_json
from framing.schema import Article, FramingError

NAME = "framing"
KEYS = ("outlet", "date", "title")  # keys of Doc._.framing_article


@dataclass(frozen=True)
class Component:
    """Annotates documents; the model is opened with the first one, in the process that it is annotated in."""

    model: str
    outlet: str | None = None  # of documents that name none

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document. Raises FramingError as framing.annotate does, and for other keys than KEYS.

        In nlp.pipe an error goes to the pipeline's error handler, as every component's does.
        """
        doc.spans[NAME] = []
        if not doc.text.strip():
            return doc
        found = to_json(shared(self.model)(self._article(doc)))
        for sentence in found["sentences"]:
            span = doc.char_span(sentence["start"], sentence["end"], label=sentence["label"], alignment_mode="expand")
            assert span is not None  # expanded, a stretch of the text always has tokens
            span._.set(NAME, sentence)
            doc.spans[NAME].append(span)
        doc._.set(NAME, found["summary"])
        return doc

    def _article(self, doc: Doc) -> Article:
        known: dict[str, Any] = doc._.get(f"{NAME}_article") or {}
        if strange := set(known) - set(KEYS):
            raise FramingError(f"framing_article knows {', '.join(KEYS)}, not {', '.join(sorted(map(str, strange)))}")
        return Article(doc.text, **{"outlet": self.outlet, **known})


def create(nlp: Language, name: str, model: str, outlet: str | None) -> Component:
    """Make the component, for spaCy; raises FramingError where the model is unknown."""
    artefact.find(model)  # so that a wrong name is heard of before the first document
    return Component(model, outlet)


Doc.set_extension(NAME, default=None, force=True)  # forced, for a module that is reloaded
Doc.set_extension(f"{NAME}_article", default=None, force=True)
Span.set_extension(NAME, default=None, force=True)
Language.factory(
    NAME,
    default_config={"model": "auto", "outlet": None},
    assigns=["doc._.framing", "span._.framing", "doc.spans"],
    func=create,
)
