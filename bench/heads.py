"""What the reader costs: sentences a second, the share of each head, start and memory; and what 8-bit weights give up.

    python -m bench heads [--data BENCH] [--split dev] [--float READER.ONNX] [--json]

BENCH is the folder that holds the others' data. A sentence is the first 25 words of one of worldwide-newswire's SPLIT.jsonl.gz,
shorter ones left out; without --data it is one of a few of our own, of 25 words too. Sentences are read one at a time.

`sentences_per_s`: sentences in a second of processor time on one thread, all heads, words to records; `model_per_s`: the
network alone. `sentences_per_s_2` is by the clock on two threads. `encoder` and `head_NAME`: shares of the network's time, from
ONNX Runtime's own profile of its nodes. (Asking for fewer outputs tells nothing: it runs every node all the same.) Times are the
best of several rounds.

`start_s` is by the clock from the start of a new process to its first sentence, with the files in memory; `cold_start_s` with the
model's files put out of memory first (the libraries' stay in). `rss_mb` is the peak of a process that reads all sentences.

--float compares the weights with others of the same outputs on samples of worldwide-newswire, ud-ewt and propbank-ewt.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnxruntime

from bench.regions import names_of, tally_names
from bench.roles import propbank_row, read_frames, read_given, read_rows, tally_arguments, thin_out, total
from bench.syntax import MEASURES, Tally, as_document, compare, find_treebank, parsed, read_documents
from dateline.language.models import SHIPPED, Models, load_models
from dateline.language.reading import analyse
from dateline.language.tags import spans_of

LENGTH = 25
SENTENCES = 200
FED = 100
"""Sentences on which the shares of the heads are measured."""
ROUNDS = 7
SAMPLE = 300
"""Sentences (documents of the treebank: a third) on which two sets of weights are compared."""
KERNEL = "_kernel_time"
ROOT = Path(__file__).resolve().parents[1]

OWN = (
    "Bakers in the port of Ostrel shut their shops on Monday and marched to the town hall , saying the flour tax would ruin them .",
    "The minister of transport , Lena Okafor , told us that two ferries had sunk in the storm and that nobody knew the cause .",
    "Soldiers fired tear gas at students after a rally for lower fees , and at least 30 people were taken to hospital on Friday .",
    "Unless the mine pays what it owes , its 1,200 workers will not go back to the pits next week , their leader warned .",
)


# ---------------------------------------------------------------- sentences


def own_sentences(number: int) -> list[list[str]]:
    words = [text.split()[:LENGTH] for text in OWN]
    return [words[i % len(words)] for i in range(number)]


def cut_sentences(rows: Iterable[dict[str, Any]], number: int) -> list[list[str]]:
    """The first 25 words of the rows that have so many, at most `number`, in order."""
    return [row["tokens"][:LENGTH] for row in rows if len(row["tokens"]) >= LENGTH][:number]


# ---------------------------------------------------------------- processor time


def best_of(rounds: int, task: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The task's least time over several rounds, in seconds."""
    least = float("inf")
    for _ in range(rounds):
        began = clock()
        task()
        least = min(least, clock() - began)
    return least


class Recorder:
    """Stands in for the session and keeps what it is handed."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.feeds: list[dict[str, Any]] = []

    def get_outputs(self) -> Any:
        return self._session.get_outputs()

    def run(self, outputs: list[str], feed: dict[str, Any]) -> Any:
        self.feeds.append(feed)
        return self._session.run(outputs, feed)


def feeds_of(sentences: Sequence[Sequence[str]], models: Models) -> list[dict[str, Any]]:
    """What the reader hands the session, a sentence at a time."""
    recorder = Recorder(models.session)
    read_given(sentences, replace(models, session=recorder))
    return recorder.feeds


def profile_nodes(weights: Path, feeds: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Seconds that each node of the network takes for all the feeds; of each feed its least of several rounds."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        for _ in range(ROUNDS):
            for feed in feeds:
                session.run(None, feed)
        events = json.loads(Path(session.end_profiling()).read_text())
    durations: dict[str, list[int]] = defaultdict(list)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith(KERNEL):
            durations[event["name"].removesuffix(KERNEL)].append(event["dur"])
    return {name: sum(min(spent[n :: len(feeds)]) for n in range(len(feeds))) / 1e6 for name, spent in durations.items()}


def shares(seconds: dict[str, float]) -> dict[str, float]:
    """The share of each part of the network, greatest first: "encoder" and "head_" with the name of each other module.

    A node bears its module's name ("/parser/arcs/MatMul_quant" is the parser's); what bears only an operator's ("/Gather_5"), being
    fused from several or standing between modules, counts with the encoder, whose layers are most of it.
    """
    parts: dict[str, float] = defaultdict(float)
    for name, spent in seconds.items():
        module, _, rest = name.removeprefix("/").partition("/")
        is_head = rest and module.islower() and module != "encoder"
        parts[f"head_{module}" if is_head else "encoder"] += spent
    whole = sum(seconds.values())
    return {part: spent / whole for part, spent in sorted(parts.items(), key=lambda p: -p[1])}


def measure_time(sentences: Sequence[Sequence[str]], folder: Path) -> dict[str, float]:
    """Speeds on one thread, and by the clock on two, and the shares of the network's parts."""
    models, on_two = load_models(folder, threads=1), load_models(folder, threads=2)
    feeds = feeds_of(sentences, models)
    one = best_of(3, lambda: read_given(sentences, models))
    alone = best_of(3, lambda: [models.session.run(None, feed) for feed in feeds])
    two = best_of(3, lambda: read_given(sentences, on_two), time.perf_counter)
    speeds = {"sentences_per_s": one, "model_per_s": alone, "sentences_per_s_2": two}
    return {key: len(sentences) / seconds for key, seconds in speeds.items()} | shares(
        profile_nodes(folder / "reader.onnx", feeds[:FED])
    )


# ---------------------------------------------------------------- a new process


def read_stdin() -> None:
    """What the new process does: reads the sentences that stand on its input as JSON and prints its peak memory in MB."""
    models = load_models(Path(sys.argv[1]), threads=1)
    read_given(json.load(sys.stdin), models)
    print(peak_megabytes())


def peak_megabytes() -> float:
    """The peak of this process. Linux counts it since its start there, where `ru_maxrss` goes on from the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def in_new_process(sentences: Sequence[Sequence[str]], folder: Path) -> tuple[float, float]:
    """Seconds by the clock from the start of a process to the last sentence, and its peak memory in MB."""
    command = [sys.executable, "-c", "from bench.heads import read_stdin; read_stdin()", str(folder.resolve())]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(sentences), capture_output=True, text=True, check=True)
    return time.perf_counter() - began, float(done.stdout)


def put_out_of_memory(folder: Path) -> bool:
    """The files' pages dropped from the system's cache; False where the system has no way of asking for it."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def measure_starts(sentences: Sequence[Sequence[str]], folder: Path) -> dict[str, float]:
    one = sentences[:1]
    figures = {}
    if put_out_of_memory(folder):
        figures["cold_start_s"] = in_new_process(one, folder)[0]
    figures["start_s"] = min(in_new_process(one, folder)[0] for _ in range(3))
    figures["rss_mb"] = in_new_process(sentences, folder)[1]
    return figures


# ---------------------------------------------------------------- what other weights make of the same


def measure_accuracy(models: Models, data: Path, split: str) -> dict[str, float]:
    """Names F1, universal tags, attachment and roles F1 on samples; where a set is not at hand its figures are left out."""
    figures: dict[str, float] = {}
    names, treebank, roles = (data / folder for folder in ("worldwide-newswire", "ud-ewt", "propbank-ewt"))
    if names.is_dir():
        figures["names_f1"] = names_f1(models, thin_out(read_rows(names / f"{split}.jsonl.gz"), SAMPLE))
    if treebank.is_dir():
        tallies = dict.fromkeys(MEASURES, Tally())
        documents = list(read_documents(find_treebank(treebank, split)))
        for document in documents[:: -(-len(documents) // (SAMPLE // 3))]:
            own = compare(parsed(document, analyse(as_document(document), models)), document.analysis)
            tallies = {m: tallies[m] + own[m] for m in MEASURES}
        figures |= {m: tallies[m].f1 for m in ("upos", "las")}
    if roles.is_dir():
        rows = [propbank_row(r, None) for r in thin_out(read_rows(roles / f"{split}.jsonl.gz"), SAMPLE)]
        found = read_frames([r.words for r in rows], models, [[f.token for f in r.frames] for r in rows])
        figures["roles_f1"] = total(tally_arguments(f, r) for f, r in zip(found, rows, strict=True))[""].f1
    return figures


def names_f1(models: Models, rows: Sequence[dict[str, Any]]) -> float:
    """F1 of names with the right words and class."""
    rows = [r for r in rows if r["tokens"]]
    read = read_given([r["tokens"] for r in rows], models)
    return total(tally_names(names_of(s), set(spans_of(r["tags"]))) for s, r in zip(read, rows, strict=True))["f1"].f1


def with_weights(models: Models, path: Path) -> Models:
    """The same labels and tokeniser with other weights. Raises ValueError when their outputs are not the same."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    theirs, ours = ([o.name for o in s.get_outputs()] for s in (session, models.session))
    if theirs != ours:
        raise ValueError(f"{path} has the outputs {theirs}, the reader {ours}")
    return replace(models, session=session)


# ---------------------------------------------------------------- the command


def main(argv: list[str]) -> int:
    """Prints the tables, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench heads", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder that holds worldwide-newswire, ud-ewt and propbank-ewt")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--float", type=Path, dest="weights", help="weights before quantising, to compare accuracies with")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="a folder of other weights than those shipped")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if options.weights and not options.data:
        parser.error("--float needs --data")
    sentences = (
        cut_sentences(read_rows(options.data / "worldwide-newswire" / f"{options.split}.jsonl.gz"), SENTENCES)
        if options.data
        else own_sentences(SENTENCES)
    )
    began = time.process_time()
    figures = measure_starts(sentences, options.model) | measure_time(sentences, options.model)
    print_costs(figures, len(sentences))
    if options.weights:
        models = load_models(options.model)
        ours = measure_accuracy(models, options.data, options.split)
        theirs = measure_accuracy(with_weights(models, options.weights), options.data, options.split)
        print(f"\n{'on samples':14}{'shipped':>9}{'float':>9}{'given up':>10}")
        for key, value in ours.items():
            print(f"{key:14}{value:9.4f}{theirs[key]:9.4f}{theirs[key] - value:10.4f}")
        figures |= ours | {f"{key}_float": value for key, value in theirs.items()}
    if options.json:
        head = {"name": "heads", "split": options.split, "n": len(sentences), "seconds_cpu": round(time.process_time() - began, 1)}
        print(
            json.dumps(
                head | {"version": load_models(options.model).version} | {key: round(value, 4) for key, value in figures.items()}
            )
        )
    return 0


def print_costs(figures: dict[str, float], number: int) -> None:
    print(f"{number} sentences of {LENGTH} words, one at a time")
    print(f"words to records, one thread   {figures['sentences_per_s']:7.1f} sentences a CPU second")
    print(f"the network alone              {figures['model_per_s']:7.1f} sentences a CPU second")
    print(f"words to records, two threads  {figures['sentences_per_s_2']:7.1f} sentences a second by the clock")
    if "cold_start_s" in figures:
        print(f"first sentence, files on disk  {figures['cold_start_s']:7.2f} s")
    print(f"first sentence, warm           {figures['start_s']:7.2f} s")
    print(f"peak memory                    {figures['rss_mb']:7.0f} MB")
    for key, value in figures.items():
        if key == "encoder" or key.startswith("head_"):
            print(f"  {key.removeprefix('head_'):16}{100 * value:5.1f} % of the network's time")
