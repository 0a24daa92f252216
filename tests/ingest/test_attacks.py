"""Files made to do harm, each read in a process of its own that is killed when it takes too long or too much."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.attacks import ATTACKS, MEMORY
from dateline.runs.local import TIME_LIMIT

OUTCOMES = {
    "WARC cut off": {"read", "cut off"},
    "WARC with a corrupt middle": {"read", "damaged"},
    "WARC, gzip bomb in a record": {"too large"},
    "WARC, bomb as a member": {"bomb"},
    "WARC, length of a petabyte": {"cut off"},
    "zip bomb by ratio": {"bomb", "binary"},
    "zip bomb by number": {"too large"},
    "zip, overlapping files": {"bomb"},
    "zip, zips in zips": {"nested archive"},
    "zip, names that climb": {"read"},
    "tar, names, links, devices": {"empty", "passed over"},
    "tar, bomb": {"bomb"},
    "tar, long-name bomb": {"damaged"},
    "tar, attribute bomb": {"damaged"},
    "gzip bomb": {"too large"},
    "gzip bomb of lines": {"bomb"},
    "XML, billion laughs": {"refused XML"},
    "XML, file as an entity": {"refused XML"},
    "XML, a million open elements": {"refused XML"},
    "XML, a tag without end": {"refused XML"},
    "wikitext, 100,000 open braces": {"unreadable page"},
    "60,000 nested divs": {"unreadable page"},
    "24 MB, 400,000 paragraphs": {"too large"},
    "a million attributes": {"unreadable page"},
    "300,000 attributes": {"unreadable page"},
    "page in punycode": {"unreadable page"},
    "CSV, a field of 1 GB": {"bomb"},
    "JSON nested 100,000 deep": {"bad JSON"},
    "JSON, a number of 5 million figures": {"bad JSON"},
}
"""What the attacks must come to whose end is not "read or refused, in time"."""

SLOW_TO_MAKE_OR_READ = {
    "5 MB of entities",
    "JSON, three million lists",
    "CSV, a quotation mark left open",
    "4.9 MB, 19,000 paragraphs",
    "WARC, a million chunks",
    "UTF-16 of lone surrogates",
    "UTF-32 beyond Unicode",
    "credits without end",
    "quotation marks without end",
}
"""Left to `python -m bench attacks`, which runs all: they are within the limits, and take seconds of a quiet machine."""

READER = """
import json, os, re, sys, tempfile, time
from pathlib import Path
from bench import attacks
attacks.BOMB = 90_000_000
found = {}
with tempfile.TemporaryDirectory() as folder:
    for name in json.loads(sys.argv[1]):
        file, make = attacks.ATTACKS[name]
        path = Path(folder) / file
        if os.fork() == 0:
            path.write_bytes(make())
            os._exit(0)
        os.wait()
        start = time.process_time()
        outcomes = sorted(set(attacks.read_attack(path)))
        # Not ru_maxrss, which a process takes over from whoever started it: tests that ran before may have made that one large.
        peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
        found[name] = [outcomes, time.process_time() - start, peak]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[list[str], float, int]]:
    names = [name for name in ATTACKS if name not in SLOW_TO_MAKE_OR_READ]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READER, json.dumps(names)], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, tuple[list[str], float, int]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - SLOW_TO_MAKE_OR_READ))
def test_an_attack_is_read_or_refused_in_time_and_memory(name: str, found: dict[str, tuple[list[str], float, int]]) -> None:
    outcomes, seconds, peak = found[name]
    assert outcomes
    assert seconds < TIME_LIMIT / 2
    assert peak < MEMORY
    if name in OUTCOMES:
        assert set(outcomes) == OUTCOMES[name]
