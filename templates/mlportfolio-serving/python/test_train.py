"""Run by `python3 -m pytest python`, and by the C# tests where pytest and PyTorch are installed."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
import torch
from bundle import Bundle, describe, logits, preprocessing_sha256, read_safetensors, scale, write_safetensors
from train import Options, RandomStream, Table, fit, new_model, read_table, row_blocks, split, temperature_of, train


def clouds(n: int, seed: int) -> Table:
    """Three Gaussian clouds, two deviations from the origin; the rows of a block of ten form a group."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % 3
    centres = 2 * torch.tensor([[1.0, 0.0], [-0.5, 0.866], [-0.5, -0.866]])
    rows = centres[labels] + torch.randn((n, 2), generator=draw)
    return Table(["x", "y"], ["0", "1", "2"], rows, labels, [str(i // 10) for i in range(n)])


def test_stream_gives_the_published_numbers_of_splitmix64() -> None:
    stream = RandomStream(0, 42)
    assert [stream.next() for _ in range(3)] == [13679457532755275413, 2949826092126892291, 5139283748462763858]
    assert RandomStream(0, 42).unit() == 0.7415648787718233
    items = list(range(10))
    RandomStream(0, 42).shuffle(items)
    assert items == [8, 3, 6, 5, 4, 0, 9, 2, 1, 7]


def test_safetensors_are_laid_out_as_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    write_safetensors(file, {"b": torch.tensor([[-2.0], [0.5]]), "a": torch.tensor([1.0])}, {"model": "m 1"})
    header = b'{"__metadata__":{"model":"m 1"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}}'
    assert file.read_bytes() == struct.pack("<Q", 144) + header.ljust(144) + struct.pack("<3f", 1, -2, 0.5)
    read = read_safetensors(file)
    assert read["b"].tolist() == [[-2.0], [0.5]] and read["a"].shape == (1,)


def test_a_column_is_described_by_its_moments_and_counts() -> None:
    column = describe("x", [1.0, 3.0, 1.0, 3.0])
    assert (column.low, column.high, column.offset, column.scale) == (1, 3, 2, 1)
    assert (column.edges, column.counts) == ([1, 3], [2, 2, 0])
    constant = describe("c", [5.0] * 4)
    assert (constant.offset, constant.scale) == (5, 1)
    many = describe("m", [float(i) for i in range(1, 101)])
    assert many.edges == [float(i) for i in range(6, 101, 5)] and many.counts == [6, *[5] * 18, 4]


def test_scaled_values_are_kept_within_a_thousand() -> None:
    column = describe("x", [1.0, 3.0])
    assert scale([column], torch.tensor([[4.0], [1e30], [-1e30]])).flatten().tolist() == [2, 1000, -1000]
    assert preprocessing_sha256([column]) != preprocessing_sha256([describe("y", [1.0, 3.0])])


def test_a_split_takes_whole_groups_until_it_has_its_share() -> None:
    table = clouds(100, 1)
    training, validation = split(table, 0.2, seed=7)
    assert sorted(training + validation) == list(range(100))
    assert len(validation) == 20
    assert not {table.groups[i] for i in training} & {table.groups[i] for i in validation}
    assert split(table, 0.2, seed=8) != (training, validation)


def test_blocks_follow_the_order_or_the_order_within_each_class_when_rows_are_sorted() -> None:
    assert row_blocks([0, 1] * 4, 2, 4) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert row_blocks([0] * 6 + [1] * 6 + [2] * 6, 3, 6) == [0, 1, 2, 3, 4, 5] * 3


@pytest.mark.parametrize("model", ["softmax", "mlp"])
def test_training_learns_what_a_constant_answer_does_not(model: str) -> None:
    table, held = clouds(600, 1), clouds(600, 2)
    options = Options(model=model, hidden=16, updates=375, learning_rate=0.02, seed=1)
    weights = fit(new_model(options, 2, 3), table.rows.double(), table.labels, held.rows.double(), held.labels, options)
    assert {w.dtype for w in weights.values()} == {torch.float32}
    right = (logits(weights, held.rows).argmax(dim=1) == held.labels).double().mean().item()
    assert right > 0.9, "a constant answer gets a third"


def test_a_temperature_undoes_confidence_that_was_doubled() -> None:
    held = clouds(600, 2)
    weights = {"linear.weight": torch.tensor([[2.0, 0.0], [-1.0, 1.732], [-1.0, -1.732]]), "linear.bias": torch.zeros(3)}
    doubled = {name: 2 * w for name, w in weights.items()}
    plain = temperature_of(weights, held.rows, held.labels)
    assert temperature_of(doubled, held.rows, held.labels) == pytest.approx(2 * plain, rel=1e-4)


def test_a_bundle_answers_its_golden_rows_and_is_refused_when_changed(tmp_path: Path) -> None:
    table = clouds(60, 1)
    lines = [f"{x!r},{y!r},{label}" for (x, y), label in zip(table.rows.tolist(), table.labels.tolist())]
    (tmp_path / "table.csv").write_text("x,y,label\n" + "\n".join(lines) + "\n")
    read = read_table(tmp_path / "table.csv", None, None, 6, [])
    assert torch.equal(read.rows, table.rows) and torch.equal(read.labels, table.labels)
    folders = [train(tmp_path, "table.csv", read, Options(model="mlp", hidden=4, updates=1, min_epochs=2, seed=3), "clouds") for _ in range(2)]
    assert folders == [tmp_path / "models" / "clouds" / version for version in "12"]
    assert [f.name for f in sorted((tmp_path / "models" / "clouds").iterdir())] == ["1", "2"]
    bundle = Bundle.load(folders[0])
    golden = bundle.manifest["golden"]
    answers = bundle.predict(torch.tensor([g["features"] for g in golden]))
    assert torch.allclose(answers, torch.tensor([g["probabilities"] for g in golden]), atol=1e-6)
    first, second = (json.loads((f / "manifest.json").read_text()) for f in folders)
    assert first["golden"] == second["golden"] and first["trainingRows"] == 40
    (folders[0] / "MODEL_CARD.md").write_text("changed")
    with pytest.raises(ValueError, match="not the file that was packaged"):
        Bundle.load(folders[0])
