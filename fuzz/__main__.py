"""Changes seeds at random and hands them to the parsers, for so many minutes: `python -m fuzz --minutes 10`.

What raises, or takes longer than two seconds of the processor and one more for each 100 KB, is kept under build/fuzz, named by its
target and hash, and the status is 1. With the extra `fuzz` installed, `--atheris TARGET` lets libFuzzer look for new paths instead.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from fuzz.targets import TARGETS, Target

KEPT = Path("build/fuzz")
SLOW = 2.0
"""Seconds of the processor beyond which an input is a find; those here have a few thousand bytes."""
TOKENS = (
    *(b"< > </ <!-- ]]> & &#x &amp; {{ }} [[ | '' == \" , ; { [ 0 -1 99999999999999999999 ustar utf-7".split(b" ")),
    *(
        b"\n",
        b"\n\n",
        b"\r",
        b"\0",
        b"\t",
        b"\xff",
        b"\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"\xe2\x80\xae",
    ),
    *(b"WARC/1.0\r\n", b"Content-Length: ", b"HTTP/1.1 200 OK\r\n", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\x1f\x8b\x08", b"\\ud800"),
    *(b"<script type='application/ld+json'>", b"<meta charset=", b"Photo: ", b"(Reuters) ", b"MINSK, Aug 18 ("),
)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to six changes: flipped, cut, doubled, swapped, or a token put in, once or many times."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(found))
        size = min(len(found) - at, chance.choice((1, 1, 2, 4, 16, 200)))
        what = chance.randrange(6)
        if what == 0 and found:
            found[min(at, len(found) - 1)] ^= 1 << chance.randrange(8)
        elif what == 1:
            del found[at : at + size]
        elif what == 2:
            found[at:at] = found[at : at + size] * chance.choice((1, 2, 50))
        elif what == 3:
            other = chance.randint(0, len(found))
            found[at : at + size] = found[other : other + size]
        elif what == 4:
            found[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 3, 400))
        else:
            found[at : at + size] = chance.randbytes(size)
    return bytes(found[:100_000])


def try_one(name: str, target: Target, data: bytes) -> str | None:
    """What was wrong, in words; nothing: None."""
    start = time.process_time()
    try:
        target.run(data)
    except Exception:  # whatever it is, it is a find
        return traceback.format_exc(limit=-6)
    taken = time.process_time() - start
    return f"took {taken:.1f} s for {len(data):,} bytes" if taken > SLOW + len(data) / 100_000 else None


def run(seconds: float, seed: int, names: list[str]) -> int:
    """How many finds there were; each is written to build/fuzz and told of on standard error."""
    chance = random.Random(seed)
    pools = {name: list(TARGETS[name].seeds) for name in names}
    counts = dict.fromkeys(names, 0)
    finds: set[str] = set()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        name = chance.choice(names)
        data = mutated(chance.choice(pools[name]), chance)
        counts[name] += 1
        if len(pools[name]) < 200 and chance.random() < 0.05:
            pools[name].append(data)
        if (wrong := try_one(name, TARGETS[name], data)) is None:
            continue
        key = f"{name}: {wrong.strip().splitlines()[-1][:80]}"
        if key not in finds:
            finds.add(key)
            KEPT.mkdir(parents=True, exist_ok=True)
            path = KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"{path}: {wrong}", file=sys.stderr, flush=True)
    print(", ".join(f"{name} {count:,}" for name, count in counts.items()), f"inputs; {len(finds)} finds")
    return len(finds)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS), metavar="TARGET")
    parser.add_argument("--again", type=Path, metavar="FILE", help="one find of build/fuzz once more, with all that it raises")
    parser.add_argument(
        "--atheris", choices=TARGETS, metavar="TARGET", help="with libFuzzer (the extra `fuzz`), until it is stopped"
    )
    asked = parser.parse_args(argv)
    if asked.again:
        TARGETS[asked.again.name.partition("-")[0]].run(asked.again.read_bytes())
        return 0
    if asked.atheris:
        return with_atheris(asked.atheris)
    return 1 if run(60 * asked.minutes, asked.seed, asked.only) else 0


def with_atheris(name: str) -> int:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install 'dateline[fuzz]'", file=sys.stderr)
        return 6
    target = TARGETS[name]
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], "-timeout=10", "-rss_limit_mb=1024"], target.run)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
