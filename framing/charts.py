"""Figures → SVG to stand in a page: no script, no style attribute, nothing said by colour alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from framing.evaluation import Bin, Kept
from framing.markup import plain
from framing.slices import Slice

ROW = 22  # height of a slice's row, in user units (pixels at full width)
Scale = Callable[[float], float]


def _svg(kind: str, width: float, height: float, told: str, body: Iterable[str]) -> str:
    inner = "\n".join(body)
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{plain(told)}">\n'
        f"{inner}\n</svg>"
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" />'


def _text(text: str, x: float, y: float, kind: str = "mid") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{plain(text)}</text>'


class _Square:
    """A plot whose axes are shares: 44 to the left, 300 wide and high."""

    left, top, side = 44.0, 30.0, 300.0

    def __init__(self, bottom: float = 0.0) -> None:
        """`bottom` is the share at the foot of the vertical axis."""
        self.bottom = bottom

    def x(self, share: float) -> float:
        return self.left + self.side * share

    def y(self, share: float) -> float:
        return self.top + self.side * (1 - (share - self.bottom) / (1 - self.bottom))

    def axes(self, across: str, up: str) -> list[str]:
        """Grid, ticks at fifths and the axes' names."""
        out = []
        foot = self.top + self.side
        for fifth in range(6):
            x, share = self.x(fifth / 5), self.bottom + (1 - self.bottom) * fifth / 5
            y = self.y(share)
            out += [_line("grid", x, self.top, x, foot), _line("grid", self.left, y, self.left + self.side, y)]
            out += [_text(f"{fifth / 5:.0%}", x, foot + 15), _text(f"{share:.0%}", self.left - 6, y + 4, "end")]
        out.append(_text(across, self.left + self.side / 2, foot + 32))
        return [
            *out,
            f'<text class="mid" transform="translate(10 {self.top + self.side / 2:g}) rotate(-90)">{up}</text>',
        ]


def reliability(bins: Sequence[Bin]) -> str:
    """Confidence against the share that is right; the area of a dot goes with its bin's sentences."""
    plot = _Square()
    body = plot.axes("confidence", "right")
    body.append(_line("ideal", plot.x(0), plot.y(0), plot.x(1), plot.y(1)))
    most = max((b.n for b in bins), default=1)
    for b in bins:
        x, y = plot.x(b.confidence), plot.y(b.accuracy)
        body.append(_line("gap", x, plot.y(b.confidence), x, y))
        body.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{max(2.5, 11 * math.sqrt(b.n / most)):.1f}" />')
        body.append(_text(str(b.n), x, y - max(2.5, 11 * math.sqrt(b.n / most)) - 4))
    told = "; ".join(f"{b.confidence:.0%} sure, {b.accuracy:.0%} right, {b.n} labels" for b in bins)
    return _svg("reliability", 360, 368, f"Reliability: {told}", body)


def coverage(points: Sequence[Kept], own: Kept) -> str:
    """How much of what is kept is right, against how much is kept; the band is the 95 % interval."""
    lows = [p.accuracy.low for p in (*points, own) if not math.isnan(p.accuracy.low)]
    values = [p.accuracy.value for p in (*points, own) if not math.isnan(p.accuracy.value)]
    plot = _Square(bottom=min(0.9, math.floor(10 * min([*lows, *values], default=0.5)) / 10))
    body = plot.axes("labels kept", "right")
    banded = [p for p in points if not math.isnan(p.accuracy.low)]
    if len(banded) > 1:
        upper = [(p.coverage, p.accuracy.high) for p in banded]
        lower = [(p.coverage, p.accuracy.low) for p in reversed(banded)]
        body.append(f'<polygon class="band" points="{_points(plot, [*upper, *lower])}" />')
    body.append(
        f'<polyline class="curve" points="{_points(plot, [(p.coverage, p.accuracy.value) for p in points])}" />'
    )
    if not math.isnan(own.accuracy.value):
        body += _threshold(plot, own)
    told = "; ".join(f"{p.coverage:.0%} kept, {p.accuracy.value:.0%} right" for p in points)
    return _svg("coverage", 360, 368, f"Accuracy against coverage: {told}", body)


def _threshold(plot: _Square, own: Kept) -> list[str]:
    """The model's own threshold on the curve; its words stand on the side that has room."""
    x, y, foot = plot.x(own.coverage), plot.y(own.accuracy.value), plot.top + plot.side
    side, by = ("end", -7) if own.coverage > 0.5 else ("start", 7)
    return [
        _line("mark", x, plot.top, x, foot),
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4" />',
        _text(f"threshold {own.threshold:.2f}:", x + by, foot - 26, side),
        _text(f"{own.coverage:.0%} kept, {own.accuracy.value:.0%} right", x + by, foot - 10, side),
    ]


def _points(plot: _Square, points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{plot.x(x):.1f},{plot.y(y):.1f}" for x, y in points)


def confusion(table: Sequence[Sequence[int]], names: Sequence[str], title: str) -> str:
    """Gold in rows, read in columns; a cell is the darker the larger its share of the row."""
    left, top, width, height = 140.0, 40.0, 72.0, 54.0
    body = [_text("read as", left + width * len(names) / 2, 14)]
    for k, name in enumerate(names):
        body.append(_text(name.split()[0], left + width * (k + 0.5), top - 8, "mid strong"))
        body.append(_text(name, left - 10, top + height * (k + 0.5) + 4, "end"))
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            part = count / max(1, sum(row))
            x, y = left + width * j, top + height * i
            box = f'x="{x:g}" y="{y:g}" width="{width - 2:g}" height="{height - 2:g}"'
            body.append(f'<rect class="cell" {box} fill-opacity="{0.04 + 0.4 * part:.2f}" />')
            body.append(_text(f"{count:,}", x + width / 2 - 1, y + height / 2 - 1, "mid strong" if i == j else "mid"))
            body.append(_text(f"{part:.0%}", x + width / 2 - 1, y + height / 2 + 14, "mid small"))
    told = "; ".join(f"{name}: {', '.join(map(str, row))}" for name, row in zip(names, table, strict=True))
    return _svg("confusion", left + width * len(names), top + height * len(table), f"{title}. {told}", body)


def slices(parts: Sequence[Slice], whole: float) -> str:
    """Macro-F1 of every slice with its interval, and a line at the whole's over the labels that the slice has.

    A slice below that has a full dot and says so.
    """
    left, width, right, top = 210.0, 350.0, 110.0, 26.0
    ends = [v for p in parts for v in (p.macro_f1.low, p.macro_f1.value, p.whole) if not math.isnan(v)]
    bottom = max(0.0, math.floor(10 * min([*ends, whole])) / 10)

    def x(value: float) -> float:
        return left + width * (value - bottom) / max(1e-9, 1 - bottom)

    groups = list(dict.fromkeys(part.group for part in parts))
    height = top + ROW * (len(parts) + len(groups)) + 6
    body = []
    for step in range(round(10 * bottom), 11, 1 if bottom >= 0.5 else 2):
        body += [
            _line("grid", x(step / 10), top - 6, x(step / 10), height),
            _text(f"{step / 10:.1f}", x(step / 10), 12),
        ]
    y = top
    for group in groups:
        y += ROW
        body.append(_text(group, 0, y - 6, "start strong"))
        for part in (p for p in parts if p.group == group):
            y += ROW
            body += _slice(part, y - 10, left, left + width + right, x)
    told = "; ".join(f"{p.group} {p.name} {p.macro_f1.value:.2f}{' below the whole' * p.below}" for p in parts)
    return _svg("slices", left + width + right, height, f"Macro-F1 by slice, whole {whole:.2f}: {told}", body)


def _slice(part: Slice, y: float, left: float, right: float, x: Scale) -> list[str]:
    found = part.macro_f1
    weight = " strong" if part.below else ""
    body = [_text(_short(part.name), left - 12, y + 4, f"end{weight}")]
    body.append(_line("ideal", x(part.whole), y - 6, x(part.whole), y + 6))  # over the slice's own labels
    if not math.isnan(found.low):
        body.append(_line("whisker" + " below" * part.below, x(found.low), y, x(found.high), y))
    body.append(f'<circle class="dot{"" if part.below else " open"}" cx="{x(found.value):.1f}" cy="{y:.1f}" r="4.5" />')
    told = f"{found.value:.2f}{' below' * part.below} · n {part.n:,}"
    return [*body, _text(told, right, y + 4, f"end{weight}")]


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"
