"""Coverage-guided fuzzing (atheris): `make fuzz`, or `python tests/fuzzing.py TARGET [libFuzzer options] [CORPUS]`.

Whatever the bytes, a target may raise nothing but FramingError. What a run finds worth keeping lies in
tests/fuzz/TARGET, which tests/test_fuzzing.py goes through without atheris.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent / "fuzz"


def reader(data: bytes) -> None:
    """Any bytes under any suffix are read, split and attributed; offsets point into the text as read."""
    from framing import read
    from framing.attribution import Reading, attribute
    from framing.document import read_document
    from framing.mentions import Finder
    from framing.registry import builtin
    from framing.schema import LABELS, FramingError
    from framing.split import split

    finder = reader.__dict__.setdefault("finder", Finder(builtin()))
    suffixes = ("", *read.SUFFIXES)
    suffix = suffixes[data[0] % len(suffixes)] if data else ""
    try:
        articles = list(read.read_bytes(data[1:], f"fuzz{suffix}", suffix))
    except FramingError:
        return
    for article in articles:
        sentences, skipped = split(article)
        for piece in (*sentences, *skipped):
            assert article.text[piece.start : piece.end] == piece.text
        document = read_document(finder, article, sentences)
        readings = [Reading(LABELS[0])] * len(sentences)
        for source in attribute(document, readings, finder.registry, finds_spans=False):
            assert source is None or article.text[source.start : source.end] == source.text


def artefact(data: bytes) -> None:
    """Any manifest over a model's files is refused in one line or opened."""
    from framing import annotator
    from framing import artefact as artefacts
    from framing.schema import FramingError

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.onnx").write_bytes(b"")
        (folder / artefacts.MANIFEST).write_bytes(data)
        try:
            annotator.open_model(artefacts.check(folder))
        except FramingError:
            return


def tables(data: bytes) -> None:
    """Any bytes as a file of labels, in every format one may come in."""
    from framing import exchange
    from framing.schema import FramingError

    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / f"labels{('.txt', '.csv', '.jsonl', '.json')[data[0] % 4] if data else '.txt'}"
        file.write_bytes(data[1:])
        try:
            list(exchange.read_labels(file))
        except FramingError:
            return


TARGETS: dict[str, Callable[[bytes], None]] = {"reader": reader, "artefact": artefact, "tables": tables}


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["framing"]):
        import framing.annotator
        import framing.attribution
        import framing.read
        import framing.split  # noqa: F401
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
