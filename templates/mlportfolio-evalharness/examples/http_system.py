"""A question-answering system behind HTTP, on Python's standard library alone.

It stands for any system that you want evaluated and that is not written in C#. The contract is one call:

    POST / {"question": "..."}  ->  {"answer": "..." or null,
                                     "citations": [{"document": "...", "quote": "..."}],
                                     "confidence": 0.0 to 1.0}

A citation names a document of the corpus and either quotes it word for word or gives "start" and "end".
This system answers with the sentence that covers the most of the question's rarer words, and declines
when none covers a third of their weight.

    python3 examples/http_system.py --port 8765
"""

import argparse
import json
import math
import pathlib
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST_REQUEST = 100_000


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def sentences(text):
    for line in text.split("\n"):
        yield from (s for s in re.split(r"(?<=[.!?])\s+", line.strip()) if s)


class System:
    def __init__(self, folder):
        self.sentences = []
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".md", ".txt"):
                name = path.relative_to(folder).with_suffix("").as_posix()
                text = path.read_text(encoding="utf-8-sig")
                self.sentences += [(name, s, set(words(s))) for s in sentences(text)]
        self.frequency = {}
        for _, _, own in self.sentences:
            for word in own:
                self.frequency[word] = self.frequency.get(word, 0) + 1

    def weight(self, word):
        return math.log(1 + len(self.sentences) / (1 + self.frequency.get(word, 0)))

    def answer(self, question):
        asked = {w: self.weight(w) for w in set(words(question))}
        total = sum(asked.values())
        best, place = 0.0, None
        for document, sentence, own in self.sentences:
            score = sum(weight for word, weight in asked.items() if word in own)
            if score > best + 1e-9:
                best, place = score, (document, sentence)
        confidence = round(best / total, 6) if total else 0.0
        if place is None or confidence < 1 / 3:
            return {"answer": None, "citations": [], "confidence": confidence}
        return {"answer": place[1], "citations": [{"document": place[0], "quote": place[1]}], "confidence": confidence}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LONGEST_REQUEST:
            return self.send(413, {"error": f"a body of 1 to {LONGEST_REQUEST} bytes is expected"})
        try:
            question = json.loads(self.rfile.read(length))["question"]
            if not isinstance(question, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            return self.send(400, {"error": 'expected {"question": text}'})
        self.send(200, self.server.system.answer(question))

    def send(self, status, body):
        data = json.dumps(body, ensure_ascii=False).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    options.add_argument("--corpus", default="data/handbook/corpus")
    chosen = options.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", chosen.port), Handler)
    server.system = System(chosen.corpus)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
