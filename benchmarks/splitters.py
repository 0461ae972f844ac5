"""Compare sentence splitters on gold boundaries: `python benchmarks/splitters.py [--real DIR] [--real-train DIR]`.

Needs pysbd, nupunkt, sentencex, syntok and blingfire. A boundary is the end of a sentence; each splitter
gets one line of the text at a time. Only text inside gold sentences counts.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from framing import dataset, standoff
from framing.schema import Article
from framing.split import split

DATA = Path(__file__).parent.parent / "data"

warnings.filterwarnings("ignore")
Splitter = Callable[[str], list[int]]


def by_lines(cut: Callable[[str], Sequence[str]]) -> Splitter:
    """A splitter of lines into strings → the ends of its sentences in a whole text."""

    def ends(text: str) -> list[int]:
        out, base = [], 0
        for line in text.split("\n"):
            at = 0
            for sentence in cut(line) if line.strip() else ():
                found = line.find(sentence.strip(), at)
                if sentence.strip() and found >= 0:
                    at = found + len(sentence.strip())
                    out.append(base + at)
            base += len(line) + 1
        return out

    return ends


def splitters() -> dict[str, Splitter]:
    """The candidates by name, framing's own last."""
    import blingfire
    import nupunkt
    import pysbd
    import sentencex
    from syntok import segmenter

    segment = pysbd.Segmenter(language="en", clean=False).segment

    def syntok(line: str) -> list[str]:
        cut = [sentence for paragraph in segmenter.process(line) for sentence in paragraph]
        return [line[s[0].offset : s[-1].offset + len(s[-1].value)] for s in cut]

    return {
        "pysbd": by_lines(segment),
        "nupunkt": by_lines(nupunkt.sent_tokenize),
        "syntok": by_lines(syntok),
        "blingfire": by_lines(lambda line: blingfire.text_to_sentences(line).split("\n")),
        "sentencex": by_lines(lambda line: list(sentencex.segment("en", line))),
        "framing.split": lambda text: [s.end for s in split(Article(text))[0]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--real-train", type=Path)
    options = parser.parse_args()
    sets = {"data": dataset.read_articles(DATA / "articles")}
    if options.real_train:
        sets["real-train"] = dataset.read_articles(options.real_train)
    if options.real:
        sets["real development"] = standoff.read_gold(options.real)
    print("| set | splitter | precision | recall | F1 | ms an article |\n| --- | --- | --- | --- | --- | --- |")
    for set_name, articles in sets.items():
        texts = [article.assemble() for article in articles]
        for name, ends in splitters().items():
            hit = wrong = missed = 0
            began = time.perf_counter()
            found = [ends(article.text) for article, _ in texts]
            seconds = time.perf_counter() - began
            for (_, sentences), cuts in zip(texts, found, strict=True):
                inside = {at for s in sentences for at in range(s.start, s.end + 1)}
                gold = {s.end for s in sentences}
                got = {at for at in cuts if at in inside}
                hit, wrong, missed = hit + len(gold & got), wrong + len(got - gold), missed + len(gold - got)
            precision, recall = hit / (hit + wrong), hit / (hit + missed)
            f1 = 2 * precision * recall / (precision + recall)
            ms = 1000 * seconds / len(texts)
            print(f"| {set_name} | {name} | {precision:.4f} | {recall:.4f} | {f1:.4f} | {ms:.2f} |", flush=True)


if __name__ == "__main__":
    main()
