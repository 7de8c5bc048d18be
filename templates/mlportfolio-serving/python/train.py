"""
The laboratory: trains the models of configs/training.yaml with PyTorch, from the same table, split, scaling, seed and order of rows as the C#
engine, and writes the same bundle. Run it in the repository's root:

    python3 python/train.py train --model mlp
    python3 python/train.py predict models/digits/1 rows.csv > probabilities.csv
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import MutableSequence, TypeVar

import torch
from bundle import Bundle, Column, describe, logits, scale, sha256_of, write_bundle
from torch import Tensor, nn

T = TypeVar("T")
MASK = (1 << 64) - 1
VALIDATION_STREAM, INITIAL_STREAM, ORDER_STREAM = 2, 980, 981


class RandomStream:
    """Stream k of a seed: SplitMix64 (Steele, Lea, Flood 2014) started at 1000 * seed + k."""

    def __init__(self, seed: int, stream: int) -> None:
        self.state = (1000 * seed + stream) & MASK

    def next(self) -> int:
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def unit(self) -> float:
        return (self.next() >> 11) * 2.0**-53

    def shuffle(self, items: MutableSequence[T]) -> None:
        for i in range(len(items) - 1, 0, -1):
            j = (self.next() * (i + 1)) >> 64
            items[i], items[j] = items[j], items[i]


@dataclass(frozen=True)
class Options:
    """The defaults are those of the C# engine's configuration; a test compares the models that they give."""

    model: str = "mlp"
    hidden: int = 128
    updates: int = 2500
    min_epochs: int = 5
    batch_size: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    patience: float = 0.2
    validation: float = 0.2
    seed: int = 0


@dataclass(frozen=True)
class Table:
    features: list[str]
    classes: list[str]
    rows: Tensor
    labels: Tensor
    groups: list[str]


def read_rows(file: Path) -> list[list[str]]:
    text = file.read_text(encoding="utf-8-sig")
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator) if row]


def read_table(file: Path, label: str | None, group: str | None, blocks: int, ignore: list[str]) -> Table:
    header, *rows = read_rows(file)
    at = header.index(label) if label else len(header) - 1
    left_out = {at, *(header.index(name) for name in [*ignore, *([group] if group else [])])}
    features = [j for j in range(len(header)) if j not in left_out]
    names = [row[at] for row in rows]
    whole = all(re.fullmatch(r"[+-]?\d+", name) for name in names)
    classes = sorted(set(names), key=(lambda name: (int(name), name)) if whole else None)
    labels = [classes.index(name) for name in names]
    values = torch.tensor([[float(row[j]) for j in features] for row in rows], dtype=torch.float64).float()
    groups = [row[header.index(group)] for row in rows] if group else [str(b) for b in row_blocks(labels, len(classes), blocks)]
    return Table([header[j] for j in features], classes, values, torch.tensor(labels), groups)


def row_blocks(labels: list[int], classes: int, blocks: int) -> list[int]:
    """Blocks of the row order; where a class lies together, of the order within each class."""
    blocks = min(blocks, len(labels))
    by_order = [row * blocks // len(labels) for row in range(len(labels))]
    spread = set(zip(labels, by_order))
    sizes = [labels.count(k) for k in range(classes)]
    if not any(sizes[k] >= blocks and 2 * sum(label == k for label, _ in spread) < blocks for k in range(classes)):
        return by_order
    rank, within = [0] * classes, []
    for label in labels:
        within.append(rank[label] * blocks // sizes[label])
        rank[label] += 1
    return within


def split(table: Table, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Training and validation rows: whole groups in shuffled order until validation has its share."""
    units: dict[str, list[int]] = {}
    for row, name in enumerate(table.groups):
        units.setdefault(name, []).append(row)
    small = [rows for rows in units.values() if 2 * len(rows) <= len(table.groups)]
    order = small if len(small) > 1 else [[row] for row in range(len(table.groups))]
    RandomStream(seed, VALIDATION_STREAM).shuffle(order)
    validation: list[int] = []
    for rows in order[:-1]:
        if len(validation) < max(1.0, share * len(table.groups)):
            validation += rows
    return sorted(set(range(len(table.groups))) - set(validation)), sorted(validation)


def new_model(options: Options, features: int, classes: int) -> nn.Module:
    """Layers in double, uniform in +-1/sqrt(inputs), drawn layer by layer: the weight [outputs, inputs], then the bias."""
    layers: dict[str, nn.Linear] = {"linear": nn.Linear(features, classes)}
    if options.model == "mlp":
        layers = {"hidden": nn.Linear(features, options.hidden), "output": nn.Linear(options.hidden, classes)}
    model, stream = nn.ModuleDict(layers).double(), RandomStream(options.seed, INITIAL_STREAM)
    for layer in layers.values():
        for parameter in (layer.weight, layer.bias):
            draws = [(2 * stream.unit() - 1) / math.sqrt(layer.in_features) for _ in range(parameter.numel())]
            parameter.data = torch.tensor(draws, dtype=torch.float64).reshape(parameter.shape)
    return model


def fit(model: nn.Module, rows: Tensor, labels: Tensor, held_rows: Tensor, held_labels: Tensor, options: Options) -> dict[str, Tensor]:
    """Minibatch AdamW (no decay of biases) along half a cosine; the weights of the epoch with the lowest validation loss, as float32."""
    decays = [p for name, p in model.named_parameters() if name.endswith("weight")]
    free = [p for name, p in model.named_parameters() if name.endswith("bias")]
    optimizer = torch.optim.AdamW([{"params": decays, "weight_decay": options.weight_decay}, {"params": free, "weight_decay": 0.0}])
    order, shuffle = list(range(len(rows))), RandomStream(options.seed, ORDER_STREAM)
    epochs = max(options.min_epochs, options.updates * options.batch_size // len(order))
    steps, patience = epochs * math.ceil(len(order) / options.batch_size), math.ceil(options.patience * epochs)
    best, lowest, best_epoch, epoch, step = snapshot(model), math.inf, 0, 0, 0
    while epoch < epochs and epoch + 1 - best_epoch <= patience:
        epoch += 1
        shuffle.shuffle(order)
        for first in range(0, len(order), options.batch_size):
            batch = order[first : first + options.batch_size]
            loss = nn.functional.cross_entropy(logits(dict(model.named_parameters()), rows[batch]), labels[batch])
            for parameters in optimizer.param_groups:
                parameters["lr"] = options.learning_rate * (1 + math.cos(math.pi * step / steps)) / 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
        with torch.no_grad():
            held = nn.functional.cross_entropy(logits(dict(model.named_parameters()), held_rows), held_labels).item()
        if not math.isfinite(held):
            raise ValueError(f"the loss of epoch {epoch} is not finite: lower the learning rate")
        if held < lowest:
            best, lowest, best_epoch = snapshot(model), held, epoch
    return best


def snapshot(model: nn.Module) -> dict[str, Tensor]:
    return {name: p.detach().float().clone() for name, p in model.named_parameters()}


def temperature_of(weights: dict[str, Tensor], rows: Tensor, labels: Tensor) -> float:
    """Golden-section search over ln T in [1/2, 10] for the lowest log-loss (Guo et al. 2017)."""
    logs = logits(weights, rows).softmax(dim=1).double().clamp_min(2.0**-149).log()

    def loss(log_t: float) -> float:
        return nn.functional.cross_entropy(logs / math.exp(log_t), labels).item()

    low, high, ratio = math.log(0.5), math.log(10), (math.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) <= loss(right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def train(root: Path, data: str, table: Table, options: Options, name: str) -> Path:
    training, validation = split(table, options.validation, options.seed)
    columns: list[Column] = [describe(feature, table.rows[training, j].tolist()) for j, feature in enumerate(table.features)]
    rows, held = scale(columns, table.rows[training]), scale(columns, table.rows[validation])
    labels, held_labels = table.labels[training], table.labels[validation]
    model = new_model(options, len(columns), len(table.classes))
    weights = fit(model, rows.double(), labels, held.double(), held_labels, options)
    temperature = temperature_of(weights, held, held_labels)
    last = "linear." if options.model == "softmax" else "output."
    weights = {key: (w.double() / temperature).float() if key.startswith(last) else w for key, w in weights.items()}
    answers = logits(weights, held)
    accuracy, log_loss = (answers.argmax(dim=1) == held_labels).double().mean().item(), nn.functional.cross_entropy(answers.double(), held_labels).item()
    firsts = [(table.labels == k).nonzero()[0].item() for k in range(len(table.classes))]
    golden = torch.cat([table.rows[firsts], torch.tensor([[c.low for c in columns], [c.high for c in columns]])])
    facts = {
        "temperature": temperature,
        "data": {"path": data, "sha256": sha256_of(root / data), "bytes": (root / data).stat().st_size},
        "trainingRows": len(training),
        "seed": options.seed,
        "metrics": {"accuracy.validation": accuracy, "log-loss.validation": log_loss},
    }
    card = (
        f"Trained with PyTorch {torch.__version__} on {len(training)} rows of `{data}` with seed {options.seed}: {options.model}.\n\n"
        f"On the {len(validation)} validation rows that stopped its training and gave its temperature ({temperature:.3f}): accuracy {accuracy:.3f}, "
        f"log-loss {log_loss:.3f}.\nThat is no measure of what it is worth: cross-validate it before it is promoted.\n"
    )
    return write_bundle(root, name, weights, columns, table.classes, golden, facts, card)


def configured_seed(root: Path) -> int:
    found = re.search(r"^seed: *(-?\d+)", (root / "configs" / "training.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError("configs/training.yaml: no seed")
    return int(found.group(1))


def predict(folder: Path, file: Path) -> None:
    """Probabilities of each row of a CSV file that has a column for each feature."""
    bundle = Bundle.load(folder)
    header, *rows = read_rows(file)
    at = [header.index(feature["name"]) for feature in bundle.manifest["features"]]
    raw = torch.tensor([[float(row[j]) for j in at] for row in rows], dtype=torch.float64).float()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(bundle.manifest["classes"])
    writer.writerows(bundle.predict(raw).tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains with PyTorch what the service serves.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    training = verbs.add_parser("train", help="train and write a bundle under models/")
    training.add_argument("--root", type=Path, default=Path())
    training.add_argument("--data", default="data/digits/digits.csv")
    training.add_argument("--name", help="the model's name; default: the data file's")
    training.add_argument("--label", help="the column with the classes; default: the last")
    training.add_argument("--group", help="the column with what rows share; default: blocks of the row order")
    training.add_argument("--blocks", type=int, default=13)
    training.add_argument("--ignore", nargs="*", default=[], metavar="COLUMN")
    training.add_argument("--seed", type=int, help="default: that of configs/training.yaml")
    for key, default in vars(Options()).items():
        if key != "seed":
            choices = ["softmax", "mlp"] if key == "model" else None
            training.add_argument("--" + key.replace("_", "-"), type=type(default), default=default, choices=choices)
    prediction = verbs.add_parser("predict", help="probabilities of a CSV file's rows, on stdout")
    prediction.add_argument("bundle", type=Path)
    prediction.add_argument("file", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    try:
        if arguments.verb == "predict":
            predict(arguments.bundle, arguments.file)
            return
        chosen = {key: getattr(arguments, key) for key in vars(Options())}
        options = Options(**(chosen if arguments.seed is not None else {**chosen, "seed": configured_seed(arguments.root)}))
        table = read_table(arguments.root / arguments.data, arguments.label, arguments.group, arguments.blocks, arguments.ignore)
        print(train(arguments.root, arguments.data, table, options, arguments.name or Path(arguments.data).stem))
    except (OSError, ValueError, KeyError, IndexError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
