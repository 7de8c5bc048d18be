"""Bundles as the service loads them: weights.safetensors, MODEL_CARD.md and a manifest that holds the digest of both."""

from __future__ import annotations

import bisect
import hashlib
import json
import math
import shutil
import struct
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Sequence

import torch
from torch import Tensor

BINS = 20
LIMIT = 1000.0


@dataclass(frozen=True)
class Column:
    """One input in its own unit; the model sees (x - offset) / scale, kept within +-1000. Edges and counts describe the training rows."""

    name: str
    low: float
    high: float
    offset: float
    scale: float
    edges: list[float]
    counts: list[int]


def describe(name: str, values: Sequence[float]) -> Column:
    """Mean and population deviation (scale 1 where nothing varies), and counts between edges: (-inf, e0], (e0, e1], ..., (e_last, inf)."""
    ordered = sorted(values)
    low, high, mean = ordered[0], ordered[-1], sum(ordered) / len(ordered)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in ordered) / len(ordered))
    distinct = sorted(set(ordered))
    edges = distinct if len(distinct) <= BINS else sorted({ordered[i * len(ordered) // BINS] for i in range(1, BINS)})
    counts = [0] * (len(edges) + 1)
    for value in ordered:
        counts[bisect.bisect_left(edges, value)] += 1
    return Column(name, low, high, low if low == high else mean, 1.0 if low == high else deviation, edges, counts)


def scale(columns: Sequence[Column], rows: Tensor) -> Tensor:
    """What the model sees of raw rows [n, features]: computed in double, rounded to float32."""
    offsets = torch.tensor([c.offset for c in columns], dtype=torch.float64)
    scales = torch.tensor([c.scale for c in columns], dtype=torch.float64)
    return ((rows.double() - offsets) / scales).clamp(-LIMIT, LIMIT).float()


def preprocessing_sha256(columns: Sequence[Column]) -> str:
    """Over each column's name, a zero byte, and the bits of offset and scale in 16 hexadecimal digits each."""
    return hashlib.sha256("".join(f"{c.name}\0{struct.pack('>dd', c.offset, c.scale).hex()}" for c in columns).encode()).hexdigest()


def write_safetensors(file: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Float32 tensors in ordinal order of their names, the header padded to 8 bytes: the same tensors give the same bytes."""
    header: dict[str, Any] = {"__metadata__": metadata}
    data = b""
    for name, tensor in sorted(tensors.items()):
        values = tensor.detach().float().flatten().tolist()
        begin = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_safetensors(file: Path) -> dict[str, Tensor]:
    raw = file.read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    header: dict[str, Any] = json.loads(raw[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = struct.unpack_from(f"<{(end - begin) // 4}f", raw, 8 + length + begin)
            tensors[name] = torch.tensor(values, dtype=torch.float32).reshape(entry["shape"])
    return tensors


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def probabilities_of(weights: dict[str, Tensor], columns: Sequence[Column], rows: Tensor) -> Tensor:
    """Probabilities [n, classes] of raw rows [n, features]: float32 weights and inputs, computed in double."""
    return logits({name: w.double() for name, w in weights.items()}, scale(columns, rows).double()).softmax(dim=1).float()


def logits(weights: dict[str, Tensor], scaled: Tensor) -> Tensor:
    """The model's outputs before softmax, for weights by the names of their layers."""
    if "linear.weight" in weights:
        return torch.nn.functional.linear(scaled, weights["linear.weight"], weights["linear.bias"])
    hidden = torch.nn.functional.linear(scaled, weights["hidden.weight"], weights["hidden.bias"]).relu()
    return torch.nn.functional.linear(hidden, weights["output.weight"], weights["output.bias"])


@dataclass(frozen=True)
class Bundle:
    manifest: dict[str, Any]
    weights: dict[str, Tensor]

    @staticmethod
    def load(folder: Path) -> Bundle:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, expected in manifest["files"].items():
            if sha256_of(folder / name) != expected:
                raise ValueError(f"{folder / name}: not the file that was packaged")
        return Bundle(manifest, read_safetensors(folder / "weights.safetensors"))

    def predict(self, rows: Tensor) -> Tensor:
        """Probabilities [n, classes] of raw rows [n, features]."""
        features = self.manifest["features"]
        return probabilities_of(self.weights, [Column(f["name"], f["min"], f["max"], f["offset"], f["scale"], [], []) for f in features], rows)


def write_bundle(
    root: Path, name: str, weights: dict[str, Tensor], columns: Sequence[Column], classes: Sequence[str], golden: Tensor, facts: dict[str, Any], card: str
) -> Path:
    """Writes the next version of models/<name>/ beside its place and renames it."""
    models = root / "models" / name
    models.mkdir(parents=True, exist_ok=True)
    version = str(1 + max((int(f.name) for f in models.iterdir() if f.name.isdigit()), default=0))
    staged = models / ".new-python"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        write_safetensors(staged / "weights.safetensors", weights, {"model": f"{name} {version}"})
        (staged / "MODEL_CARD.md").write_text(f"# {name} {version}\n\n{card}", encoding="utf-8")
        probabilities = probabilities_of(weights, columns, golden)
        manifest = {
            "format": 1,
            "name": name,
            "version": version,
            "created": datetime.now(timezone.utc).isoformat(),
            "engine": "pytorch",
            "architecture": "softmax" if "linear.weight" in weights else "mlp",
            "features": [
                {"name": c.name, "min": c.low, "max": c.high, "offset": c.offset, "scale": c.scale, "histogram": {"edges": c.edges, "counts": c.counts}}
                for c in columns
            ],
            "classes": list(classes),
            "preprocessingSha256": preprocessing_sha256(columns),
            "commit": commit(root),
            **facts,
            "golden": [{"features": f, "probabilities": p} for f, p in zip(golden.tolist(), probabilities.tolist())],
            "files": {f: sha256_of(staged / f) for f in ("weights.safetensors", "MODEL_CARD.md")},
        }
        (staged / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return staged.rename(models / version)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def commit(root: Path) -> str | None:
    try:
        result = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None
