"""Models in use, the ones they replaced and the ones a gate refused: <home>/NAME, .previous/NAME, .refused/NAME.

One of each is kept a name. A model is put to use by renaming folders, so that whoever loads one
meanwhile finds the old or the new and never half of one; between two renames there is none for a moment.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from framing import artefact
from framing.schema import FramingError

PLACES = {"in use": ".", "previous": ".previous", "refused": ".refused", "new": ".new"}


@dataclass(frozen=True, slots=True)
class Shelved:
    """A model folder and what it is: "in use", "previous", "refused", or "new" where a run was interrupted."""

    name: str
    state: str
    folder: Path


def folder_of(home: Path, name: str, state: str = "in use") -> Path:
    """Where a model of a name lies in a state, whether there is one or not."""
    return home / PLACES[state] / name


def listed(home: Path) -> Iterator[Shelved]:
    """Every model folder below `home`, those in use first."""
    for state in PLACES:
        for folder in artefact.folders(home / PLACES[state]):
            yield Shelved(folder.name, state, folder)


def in_use(home: Path) -> list[Path]:
    """The folders of the models in use."""
    return [row.folder for row in listed(home) if row.state == "in use"]


def install(home: Path, name: str) -> None:
    """Put the new model of a name to use; the one it replaces becomes the previous one.

    Raises FramingError where there is no new model, or it cannot be moved; the one in use is then in use still.
    """
    new, used, previous = (folder_of(home, name, state) for state in ("new", "in use", "previous"))
    if not (new / artefact.MANIFEST).is_file():
        raise FramingError(f"there is no new {name} in {home} to put to use")
    shutil.rmtree(previous, ignore_errors=True)
    _replace(used, new, previous)


def refuse(home: Path, name: str) -> Path:
    """Put the new model of a name aside; returns where."""
    refused = folder_of(home, name, "refused")
    shutil.rmtree(refused, ignore_errors=True)
    _move(folder_of(home, name, "new"), refused)
    return refused


def switch(home: Path, name: str) -> artefact.Artefact:
    """Exchange the model in use for the previous one, once that is checked; returns what is now in use.

    Raises FramingError where there is no previous model, or it is damaged.
    """
    used, previous = folder_of(home, name), folder_of(home, name, "previous")
    aside = previous.with_name(f".{name}-switching")
    _recover(aside, used, previous)
    if not (previous / artefact.MANIFEST).is_file():
        raise FramingError(f"there is no previous {name} in {home} to switch to")
    artefact.check(previous)
    _move(previous, aside)
    try:
        _replace(used, aside, previous)
    except FramingError:
        _move(aside, previous)
        raise
    return artefact.check(used)


def _recover(aside: Path, used: Path, previous: Path) -> None:
    """Put the models that a killed `switch` was moving back to where they were; what a later model replaced goes."""
    if not aside.exists():
        return
    if used.exists() and previous.exists():
        shutil.rmtree(aside)
        return
    if not used.exists():
        _move(previous, used)
    _move(aside, previous)


def _replace(used: Path, new: Path, previous: Path) -> None:
    """Move the model in use to `previous` and the new one to its place; the old one back where that fails."""
    replaced = used.exists()
    if replaced:
        _move(used, previous)
    try:
        _move(new, used)
    except FramingError:
        if replaced:
            _move(previous, used)
        raise


def _move(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    except OSError as error:
        raise FramingError(f"{target}: {error.strerror or error}") from error
    with suppress(OSError):  # the move is done, and an empty folder no harm
        if source.parent.name.startswith(".") and not any(source.parent.iterdir()):
            source.parent.rmdir()
