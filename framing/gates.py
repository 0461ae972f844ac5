"""Gates: figures held against limits, another model, or the floors pinned in floors.json.

floors.json: {"data": digest of the test split, "models": {name: {"sha256": …, figure: floor, …}},
"history": [{"date", "why", "data", "lowered": {name: {figure: [old, new]}}}]}. Floors rise by --update;
one is lowered only with a reason, which stays in the history.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing import artefact, shelf
from framing.annotator import open_model
from framing.evaluation import COMPARED, FIGURES, SMALLER_IS_BETTER, Check, Comparison, Evaluation, figures
from framing.schema import FramingError
from framing.scoring import Gold

MOST_DROPPED = 0.01  # of macro-F1 against another model, unless told otherwise
TOLERANCE = 0.002  # what another machine's arithmetic may cost
_KAPPAS = ("loading_kappa",)  # the figures that may be negative


def parse_limits(text: str) -> dict[str, float]:
    """Limits from "macro_f1=0.80,ece=0.05"; raises FramingError naming what is not one."""
    limits: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if not equals or not name:
            raise FramingError(f"--fail-under: {part.strip()!r} is not FIGURE=NUMBER, as in macro_f1=0.80,ece=0.05")
        if name not in FIGURES:
            raise FramingError(f"--fail-under: no figure {name!r}; there are {', '.join(FIGURES)}")
        if name in limits:
            raise FramingError(f"--fail-under: {name} is given twice")
        try:
            limits[name] = float(number)
        except ValueError:
            raise FramingError(f"--fail-under: {name}={number!r} is not a number") from None
        if not (-1 if name in _KAPPAS else 0) <= limits[name] <= 1:  # so is "not a number"
            raise FramingError(f"--fail-under: {name}={number} is out of range, figures are shares such as 0.80")
    return limits


def check(name: str, value: float, limit: float, slack: float = 0.0) -> Check:
    """Hold a figure against its floor; where smaller is better (ece), against its ceiling."""
    most = name in SMALLER_IS_BETTER
    short = value - limit if most else limit - value  # by how much it fails
    bound = f"{'limit' if most else 'floor'} of {limit:.4f}"
    if math.isnan(value):
        return Check(name, value, limit, False, f"{name} cannot be measured here, its {bound} does not hold")
    if short <= 1e-9:  # 0.8 given as a decimal is not 0.8
        side = "within" if most else "at or above"
        return Check(name, value, limit, True, f"{name} is {value:.4f}, {side} its {bound}")
    told = f"{name} is {value:.4f}, {short:.4f} {'over' if most else 'under'} its {bound}"
    if short <= slack + 1e-9:
        return Check(name, value, limit, True, f"{told}, which is tolerated")
    return Check(name, value, limit, False, told)


def check_limits(evaluation: Evaluation, limits: Mapping[str, float]) -> tuple[Check, ...]:
    """Hold an evaluation against the limits of --fail-under."""
    return tuple(check(name, evaluation.figures[name].value, limit) for name, limit in limits.items())


def check_drop(comparison: Comparison, most: float = MOST_DROPPED) -> Check:
    """Hold macro-F1 against another model's less what it may drop."""
    difference, theirs = comparison.differences["macro_f1"].value, comparison.figures["macro_f1"].value
    lost = max(0.0, -difference)
    passed = lost <= most + 1e-9
    other, side = comparison.model, "above" if difference >= 0 else "below"
    told = f"macro_f1 is {theirs + difference:.4f}, {abs(difference):.4f} {side} {other.name} {other.version} "
    told += f"({other.sha256[:12]}), which has {theirs:.4f}; p = {comparison.p_value:.3f}"
    if not passed:
        told += f"; that is {lost - most:.4f} more than the drop of {most:.4f} allowed"
    return Check("macro_f1", theirs + difference, theirs - most, passed, told)


# floors.json


@dataclass(frozen=True)
class Pinned:
    """A model's digest and its figures: as measured, or as floors."""

    sha256: str
    figures: dict[str, float]


@dataclass(frozen=True)
class Floors:
    """What floors.json says."""

    data: str
    models: dict[str, Pinned]
    history: tuple[dict[str, Any], ...] = ()


def in_use() -> list[Path]:
    """The folders of the models in use; raises FramingError where there is none."""
    home = artefact.models_folder()
    if not (found := shelf.in_use(home)):
        raise FramingError(f"{home}: no models here, there is nothing to hold against floors")
    return found


def pin(gold: Gold, measured: Evaluation | None = None) -> dict[str, Pinned]:
    """Measure every model in use on the test split, but for those that an evaluation on it already has measured."""
    known = {measured.model.sha256: measured.figures} if measured else {}
    known |= {other.model.sha256: other.figures for other in measured.comparisons} if measured else {}
    out = {}
    for folder in in_use():
        found = artefact.check(folder)
        reached = known.get(found.sha256) or figures(open_model(found), gold, rounds=0)
        out[folder.name] = Pinned(found.sha256, {name: round(reached[name].value, 4) for name in COMPARED})
    return out


def read_floors(path: Path) -> Floors:
    """Read floors.json; raises FramingError where it is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        models = {
            str(name): Pinned(str(facts["sha256"]), {k: float(v) for k, v in facts.items() if k != "sha256"})
            for name, facts in found["models"].items()
        }
        return Floors(str(found["data"]), models, tuple(found.get("history", ())))
    except OSError as error:
        raise FramingError(f"{path}: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise FramingError(f"{path}: damaged, not a file of floors ({type(error).__name__}: {error})") from error


def dump_floors(floors: Floors) -> str:
    """floors.json as text; one model or line of history a line, so that diffs read well."""
    models = {name: {"sha256": pinned.sha256, **pinned.figures} for name, pinned in sorted(floors.models.items())}
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(facts)}" for name, facts in models.items())
    told = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in floors.history)
    history = f"[\n{told}\n ]" if told else "[]"
    return f'{{\n "data": {json.dumps(floors.data)},\n "models": {{\n{rows}\n }},\n "history": {history}\n}}\n'


def hold(floors: Floors, found: Mapping[str, Pinned], data: str) -> list[Check]:
    """Hold every model in use against its floors; the checks that fail say what and by how much."""
    if floors.data != data:
        told = f"the test split has changed: its digest is {data[:12]}, the floors are for {floors.data[:12]}; --update"
        return [failure("data", told)]
    out = [failure("model", f"{n}: has floors but is not there; --update") for n in floors.models if n not in found]
    for name, measured in found.items():
        floor = floors.models.get(name)
        if floor is None:
            out.append(failure("model", f"{name}: has no floors yet; --update"))
            continue
        if floor.sha256 != measured.sha256:
            was, now = floor.sha256[:12], measured.sha256[:12]
            told = f"{name}: has changed: its manifest's SHA-256 is {now}, the floors are for {was}; --update"
            out.append(failure("model", told))
        for figure, limit in floor.figures.items():
            held = check(figure, measured.figures.get(figure, math.nan), limit, TOLERANCE)
            out.append(Check(figure, held.value, limit, held.passed, f"{name}: {held.told}"))
    return out


def failure(figure: str, told: str) -> Check:
    """A gate that fails whatever the figures."""
    return Check(figure, math.nan, math.nan, False, told)


def update(
    floors: Floors | None, found: Mapping[str, Pinned], data: str, why: str | None, today: str
) -> tuple[Floors, list[Check]]:
    """Floors raised to what was measured, and the checks that stand against lowering one.

    A figure that falls short by less than TOLERANCE keeps its floor, so that floors do not creep
    down. With a reason `why` floors are lowered, and a line of history says so.
    """
    old = floors.models if floors else {}
    models: dict[str, Pinned] = {}
    against = [failure("model", f"{name}: has floors but is not there") for name in old if name not in found]
    lowered: dict[str, Any] = {name: "removed" for name in old if name not in found}
    for name, measured in found.items():
        pinned = dict(measured.figures)
        for figure, limit in old[name].figures.items() if name in old else ():
            value = measured.figures.get(figure, math.nan)
            held = check(figure, value, limit, TOLERANCE)
            if not held.passed:
                against.append(Check(figure, value, limit, False, f"{name}: {held.told}"))
                lowered.setdefault(name, {})[figure] = [limit, None if math.isnan(value) else value]
            elif not check(figure, value, limit).passed:
                pinned[figure] = limit
        models[name] = Pinned(measured.sha256, {k: v for k, v in pinned.items() if not math.isnan(v)})
    history = floors.history if floors else ()
    if lowered and why:
        history += ({"date": today, "why": why, "data": data, "lowered": lowered},)
        against = []
    return Floors(data, models, history), against
