"""A model's folder: weights, tokenizer and manifest.json; written whole, checked before use, found by name.

Nothing in a folder is ever executed: weights are ONNX graphs or NumPy arrays without objects, the
rest is JSON, and every file must be named in the manifest with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.schema import FramingError, ModelInfo

FORMAT = 1  # raised when an older reader could not read a folder
MANIFEST = "manifest.json"
MODEL_NAMES = ("accurate", "fast", "baseline")
LOADED_SUFFIXES = (".onnx", ".bin", ".npz", ".json", ".md")  # .bin: an ONNX graph's external weights


@dataclass(frozen=True, slots=True)
class Artefact:
    """A checked model folder."""

    folder: Path
    manifest: dict[str, Any]
    sha256: str  # of the manifest, and so of everything it names

    @property
    def kind(self) -> str:
        """Which code serves it: "transformer" or "baseline"."""
        return str(self.manifest["kind"])

    @property
    def info(self) -> ModelInfo:
        """How outputs name it."""
        return ModelInfo(str(self.manifest["name"]), str(self.manifest["version"]), self.sha256)

    def file(self, name: str) -> Path:
        """A file of the model, which the manifest must name."""
        if name not in self.manifest["files"]:
            raise FramingError(f"{self.folder}: the manifest names no {name}")
        return self.folder / name


def models_folder() -> Path:
    """Where the models in use lie: the folder that FRAMING_MODELS names, else where those shipped do.

    That is beside the package in a checkout, inside it in a wheel.
    """
    if chosen := os.environ.get("FRAMING_MODELS"):
        return Path(chosen)
    package = Path(__file__).parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def folders(home: Path) -> list[Path]:
    """The model folders in a folder, by name; those that begin with a dot are drafts and leftovers."""
    found = sorted(path.parent for path in home.glob(f"*/{MANIFEST}"))
    return [folder for folder in found if not folder.name.startswith(".")]


def find(name: str = "auto") -> Path:
    """The folder of a model by its name in models_folder ("auto" is the first of MODEL_NAMES there is) or by path.

    Raises FramingError naming the models there are.
    """
    home = models_folder()
    if name == "auto":
        name = next((known for known in MODEL_NAMES if (home / known / MANIFEST).is_file()), "accurate")
    there = {folder.name: folder for folder in folders(home)}
    if name in there:
        return there[name]
    if name not in MODEL_NAMES and os.path.isfile(Path(name) / MANIFEST):  # is_file raises where a name is too long
        return Path(name)
    raise FramingError(f"no model {name!r}: give a folder with a {MANIFEST}, or one of {', '.join(there) or 'none'}")


def named(name: str = "auto") -> Artefact:
    """A model by name or by path, found and checked; raises what find and check raise."""
    return check(find(name))


def check(folder: Path) -> Artefact:
    """Read a model folder's manifest and verify every file it names.

    Raises FramingError where a file is missing, of another size or digest, of a kind framing does
    not load, outside the folder, or where the format is not one this version reads.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
    except OSError as error:
        raise FramingError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise FramingError(f"{path}: damaged, not JSON ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise FramingError(f"{path}: manifest format {found!r}, this version of framing reads {FORMAT}")
    files = manifest.get("files")
    if not isinstance(files, dict) or not {"kind", "name", "version"} <= set(manifest):
        raise FramingError(f"{path}: damaged, it lacks kind, name, version or files")
    for name, facts in files.items():
        _check_file(folder, name, facts)
    return Artefact(folder, manifest, hashlib.sha256(raw).hexdigest())


def _check_file(folder: Path, name: str, facts: Any) -> None:
    path = folder / name
    if Path(name).name != name or name == MANIFEST or path.suffix not in LOADED_SUFFIXES or path.is_symlink():
        raise FramingError(f"{folder}: the manifest names {name!r}, which framing does not load")
    if not path.is_file():
        raise FramingError(f"{path}: missing, the model is incomplete")
    if not isinstance(facts, dict) or path.stat().st_size != facts.get("bytes"):
        raise FramingError(f"{path}: not the size its manifest gives, the model is damaged")
    if sha256(path) != facts.get("sha256"):
        raise FramingError(f"{path}: not the digest its manifest gives, the model is damaged or was swapped")


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """A folder to write a model or a data set into; it takes the place of `folder` only when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        old = folder.with_name(f".{folder.name}-old")
        shutil.rmtree(old, ignore_errors=True)  # of a run that was killed
        draft.chmod(0o755)
        if folder.exists():
            folder.rename(old)
        try:
            draft.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def seal(folder: Path, facts: dict[str, Any]) -> Artefact:
    """Write the manifest of a folder's files and check it by reading it back."""
    names = sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)
    files = {name: {"bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)} for name in names}
    manifest = {"format": FORMAT, **facts, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return check(folder)
