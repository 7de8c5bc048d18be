"""A client of the Open Inference Protocol V2 (with its binary tensor data extension) and of the product interface.

One file on the standard library alone (Python 3.9 or newer): copy it.

    client = InferenceClient("http://127.0.0.1:8080", key="…")
    answer = client.infer("digits", [[0.0] * 64])
    print(answer.labels, answer.probabilities)
    client.send_feedback(answer.prediction_id, "7")
"""

from __future__ import annotations

import http.client
import json
import struct
import sys
from array import array
from dataclasses import dataclass
from typing import Any, Optional, Sequence
from urllib.parse import quote, urlsplit


class InferenceError(Exception):
    """The server refused or failed. retry_after: seconds until it may be asked again, if the server said (429, 503)."""

    def __init__(self, status: int, message: str, retry_after: Optional[float] = None):
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True)
class Inference:
    """An answer; probabilities has one list a row. Row i is called "prediction_id.i" in feedback, row 0 just prediction_id."""

    prediction_id: str
    model: str
    version: str
    id: Optional[str]
    probabilities: list[list[float]]
    labels: list[str]


class InferenceClient:
    """Keeps one connection; not for use by several threads at once."""

    def __init__(self, url: str, key: Optional[str] = None, timeout: float = 10.0):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None:
            raise ValueError("expected a URL such as http://127.0.0.1:8080")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout)
        self._base = parts.path.rstrip("/")
        self._key = key

    def __enter__(self) -> "InferenceClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def is_ready(self) -> bool:
        """Whether the server takes requests now."""
        try:
            self._call("GET", "/v2/health/ready")
            return True
        except InferenceError:
            return False

    def describe(self, model: str, version: Optional[str] = None) -> dict[str, Any]:
        """The model's metadata, as the protocol has it."""
        return json.loads(self._call("GET", _path(model, version))[0])

    def infer(self, model: str, rows: Sequence[Sequence[float]], binary: bool = True, version: Optional[str] = None,
              id: Optional[str] = None, sticky_key: Optional[str] = None) -> Inference:
        """Predicts rows; binary tensors are much cheaper than JSON for more than a few of them."""
        if not rows or any(len(row) != len(rows[0]) for row in rows):
            raise ValueError("expected one row or more, all of one length")
        tensor: dict[str, Any] = {"name": "features", "shape": [len(rows), len(rows[0])], "datatype": "FP32"}
        request: dict[str, Any] = {"inputs": [tensor]}
        if id is not None:
            request["id"] = id
        tail, headers = b"", {"Content-Type": "application/json"}
        if binary:
            tail = _bytes([value for row in rows for value in row])
            tensor["parameters"] = {"binary_data_size": len(tail)}
            request["parameters"] = {"binary_data_output": True}
        else:
            tensor["data"] = [list(row) for row in rows]
        head = json.dumps(request, allow_nan=False).encode()
        if binary:
            headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))}
        if sticky_key is not None:
            headers["X-Sticky-Key"] = sticky_key
        body, answered = self._call("POST", _path(model, version) + "/infer", head + tail, headers)
        return _read(body, answered)

    def predict(self, features: Sequence[float]) -> dict[str, Any]:
        """One row by the product interface: predictionId, label, probabilities by class, model."""
        return self._post("/api/predict", {"features": list(features)})

    def send_feedback(self, prediction_id: str, label: str, idempotency_key: Optional[str] = None) -> None:
        """Tells the true label of a prediction; with one idempotency key it counts once, however often it is sent."""
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        self._post("/api/feedback", {"predictionId": prediction_id, "label": label}, headers)

    def _post(self, path: str, body: dict[str, Any], headers: Optional[dict[str, str]] = None) -> dict[str, Any]:
        content = json.dumps(body, allow_nan=False).encode()
        return json.loads(self._call("POST", path, content, {"Content-Type": "application/json", **(headers or {})})[0])

    def _call(self, method: str, path: str, body: Optional[bytes] = None,
              headers: Optional[dict[str, str]] = None) -> tuple[bytes, http.client.HTTPMessage]:
        headers = dict(headers or {})
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            self._connection.request(method, self._base + path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()
            raise
        if response.status < 400:
            return content, response.headers
        try:
            message = json.loads(content)["error"]
        except (ValueError, KeyError, TypeError):
            message = "no message"
        retry_after = response.headers.get("Retry-After")
        raise InferenceError(response.status, message, float(retry_after) if retry_after else None)


def _path(model: str, version: Optional[str]) -> str:
    return f"/v2/models/{quote(model, safe='')}" + ("" if version is None else f"/versions/{quote(version, safe='')}")


def _bytes(values: Sequence[float]) -> bytes:
    floats = array("f", values)
    if sys.byteorder == "big":
        floats.byteswap()
    return floats.tobytes()


def _floats(content: bytes) -> list[float]:
    floats = array("f", content)
    if sys.byteorder == "big":
        floats.byteswap()
    return floats.tolist()


def _strings(content: bytes) -> list[str]:
    strings, at = [], 0
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        strings.append(content[at + 4:at + 4 + length].decode())
        at += 4 + length
    return strings


def _read(body: bytes, headers: http.client.HTTPMessage) -> Inference:
    at = int(headers.get("Inference-Header-Content-Length", len(body)))
    answer = json.loads(body[:at])
    probabilities: list[list[float]] = []
    labels: list[str] = []
    for output in answer["outputs"]:
        size = output.get("parameters", {}).get("binary_data_size")
        content = body[at:at + (size or 0)]
        at += len(content)
        if output["datatype"] == "BYTES":
            labels = output["data"] if size is None else _strings(content)
        else:
            values, width = (output["data"] if size is None else _floats(content)), output["shape"][1]
            probabilities = [values[i:i + width] for i in range(0, len(values), width)]
    return Inference(headers["X-Prediction-Id"], answer["model_name"], answer["model_version"], answer.get("id"), probabilities, labels)
