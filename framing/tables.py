"""Framing's own exchange formats: CSV with a row a line of an article, JSON lines with an article each.

Columns: article, event, outlet, state_outlet, country, genre, date, extra (the header's other keys,
as JSON), index (the line's number in its article, from 0), kind (headline, subhead, body, caption,
boilerplate), paragraph, start, end (in the article's text), text, label (empty where there is none
yet), grade, mention_start, mention_end (in the line). With a model also predicted_label,
predicted_grade, confidence and a score for each label; these are never read as labels. In JSON
lines the header's facts and the text stand beside "sentences", which has the other keys.

A CSV need not hold every line of an article that is in the corpus already: the others stay as they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from framing.line_format import tidy
from framing.records import HEADER_FACTS, LabelledArticle, LabelledSentence, not_empty
from framing.schema import GRADES, LABELS, FramingError, Prediction
from framing.spans import KINDS, facts_of, header_of

HEADER_COLUMNS = ("article", *HEADER_FACTS, "extra")
LINE_COLUMNS = ("index", "kind", "paragraph", "start", "end", "text", "label", "grade", "mention_start", "mention_end")
PREDICTED_COLUMNS = ("predicted_label", "predicted_grade", "confidence", *LABELS)
NEEDED_COLUMNS = ("article", "index", "text", "label", "grade")
Predictions = Mapping[str, Sequence[Prediction]]  # article id → one a readable sentence
Row = dict[str, Any]


def to_csv(articles: Sequence[LabelledArticle], predictions: Predictions) -> str:
    """Articles as CSV, a row a line."""
    out = io.StringIO()
    columns = (*HEADER_COLUMNS, *LINE_COLUMNS, *(PREDICTED_COLUMNS if predictions else ()))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for article in articles:
        facts = facts_of(article)
        facts["state_outlet"] = str(article.state_outlet).lower()
        facts["extra"] = json.dumps(article.extra, ensure_ascii=False) if article.extra else ""
        for row in _rows(article, predictions.get(article.id)):
            writer.writerow({key: facts[key] for key in HEADER_COLUMNS} | row)
    return out.getvalue()


def to_jsonl(articles: Sequence[LabelledArticle], predictions: Predictions) -> str:
    """Articles as JSON lines, one each."""
    out = []
    for article in articles:
        facts = facts_of(article)
        rows = list(_rows(article, predictions.get(article.id)))
        record = {key: facts[key] for key in HEADER_COLUMNS} | {"text": article.place()[0], "sentences": rows}
        out.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(out)


def _rows(article: LabelledArticle, predictions: Sequence[Prediction] | None) -> Iterator[Row]:
    found = iter(predictions or ())
    for index, (row, (start, end)) in enumerate(zip(article.sentences, article.place()[1], strict=True)):
        mention = row.mention or (None, None)
        label = None if row.label is None else LABELS[row.label]
        values = (index, row.kind, row.paragraph, start, end, row.text, label, row.grade, *mention)
        line: Row = dict(zip(LINE_COLUMNS, values, strict=True))
        prediction = next(found, None) if row.kind != "boilerplate" else None
        if prediction and row.label is None:
            scores = (round(score, 4) for score in prediction.scores)
            guess = (prediction.label, prediction.grade, round(prediction.confidence, 4), *scores)
            line |= dict(zip(PREDICTED_COLUMNS, guess, strict=True))
        yield line


def from_csv(text: str, file: str, known: Mapping[str, LabelledArticle]) -> list[LabelledArticle]:
    """Articles from CSV; `known` ones lend the lines, kinds and paragraphs the table does not give."""
    header = text.partition("\n")[0].replace('"', "").strip()
    # Spreadsheets write semicolons or tabs in some countries.
    delimiter = max(",;\t", key=lambda sign: len({*NEEDED_COLUMNS} & {*header.split(sign)}))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: dict[str, list[tuple[int, Row]]] = {}
    try:
        columns = reader.fieldnames or ()
        lacking = [name for name in NEEDED_COLUMNS if name not in columns]
        if lacking:
            raise FramingError(f"{file}:1: the table lacks the column {', '.join(lacking)}")
        for row in reader:
            if None in row:
                raise FramingError(f"{file}:{reader.line_num}: more cells than the header has")
            rows = found.setdefault(str(row["article"]), [])
            rows.append((reader.line_num, row))
            for key in HEADER_COLUMNS:  # those of an article's first row count, so no other may say otherwise
                if row.get(key) and row[key] != rows[0][1][key]:
                    told = f"{key} is {row[key]!r}, but {rows[0][1][key]!r} in line {rows[0][0]}"
                    raise FramingError(f"{file}:{reader.line_num}: {told}")
    except csv.Error as error:
        raise FramingError(f"{file}:{reader.line_num}: not CSV ({error})") from error
    return [_article(rows[0][1], rows, file, known.get(name)) for name, rows in found.items()]


def from_jsonl(text: str, file: str) -> list[LabelledArticle]:
    """Articles from JSON lines."""
    found = []
    for number, record in json_objects(text, file):
        rows = record.get("sentences")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise FramingError(f'{file}:{number}: no "sentences" in this line')
        article = _article(record, [(number, row) for row in rows], file, None)
        if "text" in record and record["text"] != article.place()[0]:
            raise FramingError(f"{file}:{number}: the text of article {article.id!r} is not that of its sentences")
        found.append(article)
    return found


def json_objects(text: str, file: str) -> Iterator[tuple[int, Row]]:
    """The objects of a JSON lines text, with their line numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FramingError(f"{file}:{number}: not JSON ({error})") from error
        if not isinstance(record, dict):
            raise FramingError(f"{file}:{number}: not a JSON object")
        yield number, record


def _article(
    facts: Row, numbered: Sequence[tuple[int, Row]], file: str, known: LabelledArticle | None
) -> LabelledArticle:
    """An article from its header's facts and its lines, each with the number of its row in the file.

    A `known` one lends the lines that are not there, without their labels: an answer is about the others alone.
    """
    header = header_of(facts, file, numbered[0][0])
    rows: dict[int, tuple[str, Row, LabelledSentence]] = {}
    for number, row in numbered:
        where = f"{file}:{number}"
        index = _number(row, "index", where)
        if index is None:
            raise FramingError(f"{where}: no index")
        if index in rows:
            raise FramingError(f"{where}: line {index} of article {header.id!r} stands already at {rows[index][0]}")
        base = known.sentences[index] if known and 0 <= index < len(known.sentences) else None
        rows[index] = (where, row, _sentence(row, index, number, where, base))
    sentences = [row[2] for _, row in sorted(rows.items())]
    if known and max(rows) < len(known.sentences):
        for index, kept in enumerate(known.sentences):
            if index not in rows:
                blank = kept if kept.kind == "boilerplate" else replace(kept, label=None, grade=None, mention=None)
                sentences.insert(index, replace(blank, line=header.line))
    elif max(rows) >= len(rows):
        missing = next(index for index in range(max(rows)) if index not in rows)
        raise FramingError(f"{header.file}:{header.line}: article {header.id!r} lacks line {missing}")
    article = not_empty(replace(header, sentences=tidy(sentences)))
    _check_places(article, rows)
    return article


def _check_places(article: LabelledArticle, rows: Mapping[int, tuple[str, Row, LabelledSentence]]) -> None:
    """Raise FramingError where a row says that its line stands elsewhere than it does: another text was labelled."""
    text, places = article.place()
    for index, (where, row, sentence) in rows.items():
        start, end = _number(row, "start", where), _number(row, "end", where)
        if start is not None and end is not None and (start, end) != places[index]:
            raise FramingError(
                f"{where}: shifted offsets: {start}–{end} reads {text[start:end]!r}, "
                f"line {index} at {places[index][0]}–{places[index][1]} reads {sentence.text!r}"
            )


def _sentence(row: Row, index: int, number: int, where: str, base: LabelledSentence | None) -> LabelledSentence:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise FramingError(f"{where}: no text")
    if base and base.text != text:
        raise FramingError(f"{where}: line {index} reads {text!r}, but in the corpus (line {base.line}) {base.text!r}")
    kind = row.get("kind") or (base.kind if base else "body")
    if kind not in KINDS:
        raise FramingError(f"{where}: unknown kind {kind!r} (known: {', '.join(KINDS)})")
    paragraph = _number(row, "paragraph", where)
    if paragraph is None:
        paragraph = base.paragraph if base else index
    label, grade = row.get("label") or None, _number(row, "grade", where)
    if label is not None and label not in LABELS:
        raise FramingError(f"{where}: unknown label {label!r} (known: {', '.join(LABELS)})")
    if (label is None) != (grade is None) or (grade is not None and grade not in GRADES):
        raise FramingError(f"{where}: label {label!r} with grade {grade}: a label needs a grade of 0, 1 or 2")
    start, end = _number(row, "mention_start", where), _number(row, "mention_end", where)
    if (start is None) != (end is None) or (start is not None and not 0 <= start < (end or 0) <= len(text)):
        raise FramingError(f"{where}: the mention {start}–{end} is not in the sentence {text!r}")
    mention = None if start is None or end is None else (start, end)
    if kind == "boilerplate" and (label or mention):
        raise FramingError(f"{where}: boilerplate with a label or a mention: {text!r}")
    return LabelledSentence(text, LABELS.index(label) if label else None, grade, kind, paragraph, mention, number)


def _number(row: Row, key: str, where: str) -> int | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    try:
        number = float(value)
        if number != int(number) or number < 0:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise FramingError(f"{where}: {key} is {value!r}, not a number") from None
    return int(number)
