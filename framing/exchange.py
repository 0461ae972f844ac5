"""Labelled articles in the formats of annotation tools; what the spans are called says framing.spans.

- corpus: framing's line format (framing.dataset). csv, jsonl: framing's own tables (framing.tables).
- labelstudio: a JSON list of tasks: `data` (text and facts), and `annotations` and `predictions`, whose
  `result` holds regions of type "labels" with `value` {start, end, text, labels}, `from_name` "label"
  and `to_name` "text". The project's labelling interface is `labelling_config`.
- doccano: JSON lines of a sequence labelling project with overlapping spans: `text`, `label`
  [[start, end, name], …]; facts and `predictions` beside them, which doccano keeps as metadata.
- prodigy: JSON lines for spans.manual: `text`, `spans` [{start, end, label}], `meta` (facts),
  `sentences`; `answer` "accept" where the labels are people's.
- datasets: a folder of the datasets library with the columns Argilla gives a span question named
  `spans`: `id`, `text`, `spans.responses`, `spans.responses.users`, `spans.responses.status`,
  `spans.suggestion`, `spans.suggestion.score`, `spans.suggestion.agent`, facts as metadata. Argilla's
  own folders (Dataset.to_disk, `records.json`) are read too.

Labels are read from: annotations that were not cancelled; doccano's `label`, `labels` or `entities`;
Prodigy's tasks answered "accept", and spans without a score of tasks not answered; submitted
responses. A model's predictions are never read as labels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from framing import tables
from framing.artefact import writing
from framing.dataset import read_articles, read_text
from framing.line_format import parse, write_articles
from framing.records import LabelledArticle
from framing.schema import FramingError
from framing.spans import SPAN_NAMES, NamedSpan, article_of, facts_of, predicted_spans, spans_of
from framing.tables import Predictions, Row, json_objects

FORMATS = ("corpus", "csv", "jsonl", "labelstudio", "doccano", "prodigy", "datasets")
Unpack = Callable[[Row], tuple[str, list[NamedSpan], Row]]
_STORED = ("state.json", "dataset_dict.json", "records.json")  # a folder of datasets, or of Argilla


def read_labels(
    path: Path, form: str = "auto", known: Mapping[str, LabelledArticle] | None = None
) -> list[LabelledArticle]:
    """Read labelled articles, drafts too, in a format of FORMATS or the one the file looks like.

    `known` articles complete a CSV that holds only some of their lines. Raises FramingError naming
    file and line (of a JSON list or a folder: the number of the task).
    """
    stored = is_stored(path)
    if path.is_dir() and not stored and form in ("auto", "corpus"):
        return read_articles(path, drafts=True)
    text = "" if path.is_dir() else read_text(path)
    if form == "auto":
        form = "datasets" if stored else detect(path, text) or ""
    if form not in FORMATS:
        raise FramingError(f"{path}: not a format of labels that is known by its looks (--format says which)")
    if (form == "datasets") is not path.is_dir():
        raise FramingError(f"{path}: {'a folder' if path.is_dir() else 'a file'}, and so not in the format {form}")
    found = list(_read(path, form, text, known or {}))
    if not found:
        raise FramingError(f"{path}: no articles in it")
    return found


def is_stored(path: Path) -> bool:
    """Whether a path is a folder of the datasets library's or of Argilla's."""
    return any((path / name).is_file() for name in _STORED)


def detect(path: Path, text: str) -> str | None:
    """The format a file of labels looks like, or None."""
    start = text.lstrip()
    if start.startswith("==="):
        return "corpus"
    if path.suffix.lower() == ".csv":
        return "csv"
    if re.match(r"\[\s*[{\]]", start):  # an article may open with "[Beijing]"
        return "labelstudio"
    try:
        first = json.loads(start.partition("\n")[0])
    except (ValueError, RecursionError):
        return None
    keys = {"spans": "prodigy", "label": "doccano", "labels": "doccano", "entities": "doccano", "sentences": "jsonl"}
    return next((form for key, form in keys.items() if isinstance(first, dict) and key in first), None)


def _read(path: Path, form: str, text: str, known: Mapping[str, LabelledArticle]) -> Iterable[LabelledArticle]:
    if form == "corpus":
        return parse(text, str(path))
    if form == "csv":
        return tables.from_csv(text, str(path), known)
    if form == "jsonl":
        return tables.from_jsonl(text, str(path))
    if form == "datasets":
        return _unpacked(_folder_rows(path), _from_datasets, str(path))
    if form == "labelstudio":
        return _unpacked(_tasks(text, str(path)), _from_labelstudio, str(path))
    unpack = _from_doccano if form == "doccano" else _from_prodigy
    return _unpacked(json_objects(text, str(path)), unpack, str(path))


def _unpacked(records: Iterable[tuple[int, Row]], unpack: Unpack, file: str) -> Iterator[LabelledArticle]:
    for number, record in records:
        try:
            text, spans, facts = unpack(record)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise FramingError(f"{file}:{number}: not laid out as it should be ({error!r})") from error
        yield article_of(text, spans, facts, file, number)


def _span(start: Any, end: Any, name: Any) -> NamedSpan:
    return NamedSpan(int(start), int(end), str(name))


def render(articles: Sequence[LabelledArticle], form: str, predictions: Predictions, model: str = "") -> str:
    """Labelled articles as one text in a format that is a file; `model` names who predicted."""
    if form == "corpus":
        return write_articles(articles)
    if form == "csv":
        return tables.to_csv(articles, predictions)
    if form == "jsonl":
        return tables.to_jsonl(articles, predictions)
    rows = [_PACK[form](article, _guesses(article, predictions), model) for article in articles]
    if form == "labelstudio":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def has_labels(article: LabelledArticle) -> bool:
    """Whether anyone has said anything of the article's sentences."""
    return any(row.label is not None or row.mention for row in article.sentences)


def _guesses(article: LabelledArticle, predictions: Predictions) -> list[NamedSpan]:
    return predicted_spans(article, predictions[article.id]) if article.id in predictions else []


def _merged(article: LabelledArticle, guesses: Sequence[NamedSpan]) -> list[NamedSpan]:
    """What is labelled, with the guesses in place of what is not."""
    guessed = {span[:2] for span in guesses}
    kept = [span for span in spans_of(article) if span[:2] not in guessed or span.name == "source"]
    return sorted([*kept, *guesses], key=lambda span: (span.start, -span.end))


# Label Studio


def labelling_config() -> str:
    """Label Studio's labelling interface for the tasks that are exported."""
    colours = {"state": "#c0392b", "independent": "#2471a3", "analyst": "#b7950b"}
    rows = [
        f"    <Label value={quoteattr(name)} background={quoteattr(colours.get(name.partition('_')[0], '#7f8c8d'))}/>\n"
        for name in SPAN_NAMES
    ]
    return (
        '<View>\n  <Header value="$outlet"/>\n  <Labels name="label" toName="text" choice="single">\n'
        + "".join(rows)
        + '  </Labels>\n  <Text name="text" value="$text" granularity="word"/>\n</View>\n'
    )


def _to_labelstudio(article: LabelledArticle, guesses: Sequence[NamedSpan], model: str) -> Row:
    text = article.place()[0]
    task: Row = {"data": {"text": text} | facts_of(article), "annotations": [], "predictions": []}
    if has_labels(article):
        task["annotations"] = [{"result": [_region(text, span, i) for i, span in enumerate(spans_of(article))]}]
    if guesses or not has_labels(article):
        regions = [_region(text, span, i) for i, span in enumerate(_merged(article, guesses))]
        task["predictions"] = [{"model_version": model or "framing", "result": regions}]
        if guesses:  # Label Studio sorts tasks by it
            task["predictions"][0]["score"] = min(span.score or 0.0 for span in guesses)
    return task


def _region(text: str, span: NamedSpan, number: int) -> Row:
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.name]}
    region = {"id": f"r{number}", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    return region if span.score is None else region | {"score": span.score}


def _tasks(text: str, file: str) -> Iterator[tuple[int, Row]]:
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise FramingError(f"{file}:{line}: not JSON ({error})") from error
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise FramingError(
                f'{file}:{number}: no "data", so not a task of Label Studio (export as JSON, not JSON-MIN)'
            )
        yield number, task


def _from_labelstudio(task: Row) -> tuple[str, list[NamedSpan], Row]:
    regions = [
        region
        for annotation in task.get("annotations") or ()
        if not annotation.get("was_cancelled")
        for region in annotation["result"]
        if region.get("type") == "labels"
    ]
    values = [(region["value"], name) for region in regions for name in region["value"]["labels"]]
    return task["data"]["text"], [_span(v["start"], v["end"], name) for v, name in values], task["data"]


# doccano and Prodigy


def _to_doccano(article: LabelledArticle, guesses: Sequence[NamedSpan], model: str) -> Row:
    row = {"text": article.place()[0], "label": [list(span[:3]) for span in spans_of(article)]} | facts_of(article)
    if guesses:
        row["predictions"] = {"model": model, "spans": [span._asdict() for span in guesses]}
    return row


def _from_doccano(row: Row) -> tuple[str, list[NamedSpan], Row]:
    spans = [_span(start, end, name) for start, end, name in row.get("label") or row.get("labels") or ()]
    entities = row.get("entities") or ()  # of a project with relations
    return row["text"], [*spans, *(_span(e["start_offset"], e["end_offset"], e["label"]) for e in entities)], row


def _to_prodigy(article: LabelledArticle, guesses: Sequence[NamedSpan], model: str) -> Row:
    facts = facts_of(article)
    sentences = facts.pop("sentences")
    spans = [
        {"start": span.start, "end": span.end, "label": span.name}
        | ({} if span.score is None else {"score": span.score, "source": model})
        for span in _merged(article, guesses)
    ]
    row = {"text": article.place()[0], "spans": spans, "meta": facts, "sentences": sentences}
    return row if guesses or not has_labels(article) else row | {"answer": "accept"}


def _from_prodigy(row: Row) -> tuple[str, list[NamedSpan], Row]:
    answer = row.get("answer")
    spans = [
        _span(span["start"], span["end"], span["label"])
        for span in row.get("spans") or ()
        if answer == "accept" or (answer is None and "score" not in span)
    ]
    facts = dict(row.get("meta") or {})
    return row["text"], spans, facts | ({"sentences": row["sentences"]} if "sentences" in row else {})


_PACK = {"labelstudio": _to_labelstudio, "doccano": _to_doccano, "prodigy": _to_prodigy}


# datasets and Argilla


def save_datasets(articles: Sequence[LabelledArticle], folder: Path, predictions: Predictions, model: str = "") -> None:
    """Write a folder of the datasets library, whole or not at all; it must not exist yet or be empty."""
    datasets = _datasets()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FramingError(f"{folder}: exists already")
    word, number = datasets.Value("string"), datasets.Value("int32")
    span = [{"start": number, "end": number, "label": word}]
    features: dict[str, Any] = dict.fromkeys([*facts_of(articles[0]), "id", "text", "spans.suggestion.agent"], word)
    features |= {"spans.responses": [span], "spans.responses.users": [word], "spans.responses.status": [word]}
    features |= {"spans.suggestion": span, "spans.suggestion.score": [datasets.Value("float32")]}
    rows = [_to_datasets(article, _guesses(article, predictions), model) for article in articles]
    found = datasets.Dataset.from_list(rows, features=datasets.Features(features))
    try:
        with writing(folder) as draft:
            found.save_to_disk(str(draft))
    except OSError as error:
        raise FramingError(f"{folder}: {error.strerror or error}") from error


def _to_datasets(article: LabelledArticle, guesses: Sequence[NamedSpan], model: str) -> Row:
    def plain(spans: Iterable[NamedSpan]) -> list[Row]:
        return [{"start": span.start, "end": span.end, "label": span.name} for span in spans]

    answered = has_labels(article)
    facts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in facts_of(article).items()}
    return facts | {
        "id": article.id,
        "text": article.place()[0],
        "spans.responses": [plain(spans_of(article))] if answered else [],
        "spans.responses.users": ["framing"] if answered else [],
        "spans.responses.status": ["submitted"] if answered else [],
        "spans.suggestion": plain(guesses),
        "spans.suggestion.score": [span.score for span in guesses],
        "spans.suggestion.agent": model,
    }


def _datasets() -> Any:
    try:
        import datasets
    except ImportError as error:
        raise FramingError("the format datasets needs the datasets library: pip install 'framing[train]'") from error
    datasets.disable_progress_bars()
    return datasets


def _folder_rows(folder: Path) -> Iterator[tuple[int, Row]]:
    records = folder / "records.json"
    if records.is_file():  # Argilla's Dataset.to_disk
        try:
            rows = json.loads(read_text(records))
        except (ValueError, RecursionError) as error:
            raise FramingError(f"{records}:{getattr(error, 'lineno', 1)}: not JSON ({error})") from error
        if not isinstance(rows, list):
            raise FramingError(f"{records}: not a list of records")
        yield from enumerate(rows, 1)
        return
    try:
        found = _datasets().load_from_disk(str(folder))
    except (OSError, ValueError) as error:
        raise FramingError(f"{folder}: not a folder of the datasets library or of Argilla ({error})") from error
    parts = found.values() if isinstance(found, dict) else [found]
    yield from enumerate((row for part in parts for row in part), 1)


def _from_datasets(row: Row) -> tuple[str, list[NamedSpan], Row]:
    if "fields" in row:  # Argilla's records.json
        answers = row["responses"].get("spans") or ()
        values = [(answer["value"], answer.get("status")) for answer in answers]
        text, facts = row["fields"]["text"], row["metadata"]
    else:
        given = row.get("spans.responses") or ()
        states = row.get("spans.responses.status") or [None] * len(given)
        values = list(zip(given, states, strict=True))
        text, facts = row["text"], row
    taken = [value for value, status in values if status in (None, "submitted")]
    spans = [_span(span["start"], span["end"], span["label"]) for value in taken for span in value]
    return text, spans, facts | {"article": row["id"]}
