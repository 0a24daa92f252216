"""Where the named places are: toponyms resolved on gold spans, and found and resolved from raw text.

    python -m bench places --data DIR [--split dev] [--home name|none|learned] [--spans-only] [--json] [-v]

DIR is geo_lgl, geo_geovirus or geo_geowebnews: SPLIT.jsonl, an article a line with `text`, `url` and `toponyms` (start, end,
name, lat, lon, geonames_id; lat null: not on a map), and, where it has them, `other` spans that are no toponyms.

On gold spans all spans of an article are given, without their answers, and resolved by the code that the product uses. Scored are
those with coordinates: `acc161`, the share within 161 km (100 miles); `acc_id_or_161`, within 161 km or the same GeoNames id, which
forgives that two gazetteers put a large country's middle in two spots; `mean_km`; `auc`, the area under the sorted ln(error + 1),
0 best. A name without a place counts as 20,039 km off; `*_resolved` leave it out. These are the definitions of geo_score.py beside
the data. A country's point is its centre in our gazetteer; the product never shows it.

`--home` says what is known of a publisher: what its address tells (as the product does by default), nothing, or besides what its
other articles in the file were resolved to. The last is transductive: it looks at other articles of the split, never at an answer.

End to end an article goes down the path of a report, and the places found are compared with the gold spans: the same span
(`span_f1`), or any overlap (`overlap_f1`), one to one. Demonyms and adjectives ("Danish") are toponyms in none of our output; where
the gold spans have them, or cut a place out of an organisation's name (type Embedded…), they are neither asked for nor held
against us. A place found in an `other` span, or in no span, is wrong. `end_to_end161`: gold toponyms with coordinates, found by
overlap and within 161 km.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.syntax import Tally
from dateline.evaluation.spans import FileOffsets
from dateline.knowledge.papers import load_paper_words
from dateline.knowledge.places import Gazetteer, load_gazetteer
from dateline.mentions.homes import Home, find_home, host_of, units_named, with_past
from dateline.mentions.places import resolve_toponyms
from dateline.mentions.toponyms import toponym_at
from dateline.records import Place, PlaceMention, Report, Span

FARTHEST_KM = 20_039.0
NEAR_KM = 161.0

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """A gold toponym with coordinates and our answer. `km` None: no place given. `kind` and `by` are those of the answer."""

    name: str
    km: float | None
    same_id: bool
    kind: str
    by: str

    @property
    def is_near(self) -> bool:
        return self.km is not None and self.km <= NEAR_KM


# ---------------------------------------------------------------- gold spans


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def resolve_gold_spans(row: Row, gazetteer: Gazetteer, home: Home) -> tuple[PlaceMention, ...]:
    """A mention for each gold span, in the order of the text; of the answers nothing is looked at."""
    spans = sorted(Span(t["start"], t["end"]) for t in row["toponyms"])
    toponyms = [toponym_at(row["text"], span, gazetteer) for span in dict.fromkeys(spans)]
    return resolve_toponyms(row["text"], toponyms, gazetteer, home)


def learned_homes(rows: Sequence[Row], homes: Sequence[Home], resolved: Sequence[Iterable[PlaceMention]]) -> list[Home]:
    """The homes with what the other articles of the same host were resolved to; of answers nothing is looked at."""
    units = [units_named(mentions) for mentions in resolved]
    by_host: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_host[host_of(row.get("url"))].append(number)
    return [
        with_past(home, (units[i] for i in by_host[host_of(row.get("url"))] if i != number))
        for number, (row, home) in enumerate(zip(rows, homes, strict=True))
    ]


def judge(row: Row, mentions: Iterable[PlaceMention], gazetteer: Gazetteer) -> Iterator[Verdict]:
    """A verdict for each gold toponym with coordinates, by the mention of the same span."""
    at = {m.span: m for m in mentions}
    for gold in row["toponyms"]:
        if gold["lat"] is not None:
            yield verdict(gold, at.get(Span(gold["start"], gold["end"])), gazetteer)


def verdict(gold: Row, mention: PlaceMention | None, gazetteer: Gazetteer) -> Verdict:
    place = mention.place if mention else None
    point = centre_of(place, gazetteer) if place else None
    away = None if point is None else km((gold["lat"], gold["lon"]), point)
    same_id = place is not None and place.geonames is not None and place.geonames == gold["geonames_id"]
    return Verdict(gold["name"], away, same_id, str(place.kind) if place else "", mention.origin.by if mention else "not found")


def centre_of(place: Place, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """The point of a place; that of a country or region, which shows none, is its centre in the gazetteer; none there: None."""
    if place.point is not None or (place.geonames is None and place.within is not None):
        return place.point
    same = (c for c in gazetteer.find(place.name) if (c.place.kind, c.place.country) == (place.kind, place.country))
    return next((c.centre for c in same), None)


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))


def area_under_errors(errors: Sequence[float]) -> float:
    """Of the sorted ln(error + 1), scaled to 1; 0 is best (Gritta and others, 2018)."""
    logs = sorted(math.log(e + 1) / math.log(FARTHEST_KM + 1) for e in errors)
    return sum((a + b) / 2 for a, b in pairwise(logs)) / max(1, len(logs) - 1)


def figures(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Shares and kilometres over verdicts, of which there is at least one."""
    errors = [FARTHEST_KM if v.km is None else v.km for v in verdicts]
    resolved = [v for v in verdicts if v.km is not None]
    return {
        "acc161": share(v.is_near for v in verdicts),
        "acc_id_or_161": share(v.is_near or v.same_id for v in verdicts),
        "mean_km": sum(errors) / len(errors),
        "auc": area_under_errors(errors),
        "resolved": len(resolved) / len(verdicts),
        "acc161_resolved": share(v.is_near for v in resolved),
        "acc_id_or_161_resolved": share(v.is_near or v.same_id for v in resolved),
        "mean_km_resolved": sum(v.km or 0.0 for v in resolved) / max(1, len(resolved)),
    }


def share(verdicts: Iterable[bool]) -> float:
    known = list(verdicts)
    return sum(known) / len(known) if known else 0.0


# ---------------------------------------------------------------- from raw text


def find_in_text(rows: Sequence[Row], homes: Sequence[Home], gazetteer: Gazetteer) -> Iterator[tuple[PlaceMention, ...]]:
    """The toponyms of each article as the product finds them, their spans carried back to the text as given."""
    from dateline.ingest.read import read_report
    from dateline.language.models import load_models
    from dateline.language.reading import analyse
    from dateline.mentions.places import find_places

    models = load_models()
    for row, home in zip(rows, homes, strict=True):
        raw = row["text"].encode()
        document, _ = read_report(Report(row["doc_id"], raw, "text/plain", address=row.get("url")))
        if document is None:
            yield ()
            continue
        offsets = FileOffsets(document, raw)
        yield tuple(carried(find_places(document, analyse(document, models), gazetteer, home), offsets))


def carried(mentions: Iterable[PlaceMention], offsets: FileOffsets) -> Iterator[PlaceMention]:
    from dataclasses import replace

    for mention in mentions:
        at = offsets.of(mention.span)
        if at is not None and not mention.is_adjective:
            yield replace(mention, span=at)


def is_optional(gold: Row, gazetteer: Gazetteer) -> bool:
    """A demonym or adjective, or a place inside an organisation's name."""
    is_embedded = str(gold.get("type") or "").startswith("Embedded")
    return is_embedded or (toponym_at(gold["name"], Span(0, len(gold["name"])), gazetteer).is_adjective)


def pair_spans(ours: Sequence[Span], gold: Sequence[Span], *, exact: bool) -> dict[int, int]:
    """Numbers of ours to numbers of theirs, one to one: the same span, else (unless `exact`) the first that overlaps."""
    numbers = {span: j for j, span in enumerate(gold)}
    pairs = {i: numbers[span] for i, span in enumerate(ours) if span in numbers}
    if not exact:
        free = set(range(len(gold))) - set(pairs.values())
        for i, span in enumerate(ours):
            if i not in pairs and (j := next((j for j in sorted(free) if span.overlaps(gold[j])), None)) is not None:
                pairs[i] = j
                free.discard(j)
    return pairs


def tally_spans(row: Row, mentions: Sequence[PlaceMention], gazetteer: Gazetteer, *, exact: bool) -> Tally:
    """Right, ours and theirs of an article; what is optional counts on neither side."""
    gold = [Span(t["start"], t["end"]) for t in row["toponyms"]]
    optional = {j for j, t in enumerate(row["toponyms"]) if is_optional(t, gazetteer)}
    pairs = pair_spans([m.span for m in mentions], gold, exact=exact)
    spare = {
        i
        for i, m in enumerate(mentions)
        if pairs.get(i) in optional or (i not in pairs and any(m.span.overlaps(gold[j]) for j in optional))
    }
    return Tally(sum(j not in optional for j in pairs.values()), len(mentions) - len(spare), len(gold) - len(optional))


def judge_found(row: Row, mentions: Sequence[PlaceMention], gazetteer: Gazetteer) -> Iterator[Verdict]:
    """A verdict for each gold toponym with coordinates that is not optional, by the mention that overlaps it."""
    gold = [Span(t["start"], t["end"]) for t in row["toponyms"]]
    found = {j: mentions[i] for i, j in pair_spans([m.span for m in mentions], gold, exact=False).items()}
    for j, toponym in enumerate(row["toponyms"]):
        if toponym["lat"] is not None and not is_optional(toponym, gazetteer):
            yield verdict(toponym, found.get(j), gazetteer)


# ---------------------------------------------------------------- the command


def main(argv: list[str]) -> int:
    """Prints the tables, and the JSON object when asked; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m bench places", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="geo_lgl, geo_geovirus or geo_geowebnews")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--home", choices=("name", "none", "learned"), default="name", help="what is known of a publisher")
    parser.add_argument("--spans-only", action="store_true", help="gold spans alone, without the language model")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every name that is resolved wrongly")
    options = parser.parse_args(argv)
    rows = read_rows(options.data / f"{options.split}.jsonl")
    gazetteer = load_gazetteer()
    began = time.process_time()
    papers = load_paper_words()
    homes = [Home() if options.home == "none" else find_home(row.get("url"), None, papers, gazetteer) for row in rows]
    resolved = [resolve_gold_spans(row, gazetteer, home) for row, home in zip(rows, homes, strict=True)]
    if options.home == "learned":
        homes = learned_homes(rows, homes, resolved)
        resolved = [resolve_gold_spans(row, gazetteer, home) for row, home in zip(rows, homes, strict=True)]
    seconds = time.process_time() - began
    toponyms = sum(map(len, resolved)) * (2 if options.home == "learned" else 1)
    costs = {"toponyms_per_s": toponyms / seconds, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    verdicts = [v for row, mentions in zip(rows, resolved, strict=True) for v in judge(row, mentions, gazetteer)]
    values = figures(verdicts)
    print(f"places {options.data.name} {options.split}: {len(rows)} articles, {len(verdicts)} gold toponyms with coordinates")
    print_figures(values | costs)
    print_groups(verdicts)
    if options.verbose:
        print_misses(rows, resolved, gazetteer)
    if not options.spans_only:
        began = time.process_time()
        found = list(find_in_text(rows, homes, gazetteer))
        seconds += time.process_time() - began
        values |= end_to_end(rows, found, gazetteer)
    if options.json:
        head = {"name": "places", "data": options.data.name, "split": options.split, "n": len(verdicts)}
        head |= {"seconds_cpu": round(seconds, 1), "version": model_version()}
        print(json.dumps(head | {key: round(value, 4) for key, value in (values | costs).items()}))
    return 0


def model_version() -> str:
    from dateline.language.models import load_models

    return load_models().version


def end_to_end(rows: Sequence[Row], found: Sequence[Sequence[PlaceMention]], gazetteer: Gazetteer) -> dict[str, float]:
    """Prints precision, recall and F1 of the spans, and hands back what the JSON line has of them."""
    values: dict[str, float] = {}
    print(f"\n{'from raw text':18}{'P':>7}{'R':>7}{'F1':>7}")
    for name, exact in (("span", True), ("overlap", False)):
        tally = sum((tally_spans(r, m, gazetteer, exact=exact) for r, m in zip(rows, found, strict=True)), Tally())
        precision, recall = (tally.right / n if n else 0.0 for n in (tally.predicted, tally.gold))
        print(f"{name:18}{precision:7.3f}{recall:7.3f}{tally.f1:7.3f}")
        values |= {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": tally.f1}
    verdicts = [v for r, m in zip(rows, found, strict=True) for v in judge_found(r, m, gazetteer)]
    values["end_to_end161"] = share(v.is_near for v in verdicts)
    print(f"found and within 161 km: {values['end_to_end161']:.3f}")
    return values


def print_figures(values: Mapping[str, float]) -> None:
    for key, value in values.items():
        print(f"  {key:24}{value:10.3f}" if value < 10 else f"  {key:24}{value:10.0f}")


def print_groups(verdicts: Sequence[Verdict]) -> None:
    """How often each kind of answer, and each way to it, is right."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        groups[f"by {v.by}"].append(v)
        groups[f"kind {v.kind or 'none'}"].append(v)
    print(f"  {'answers':72}{'n':>6}{'161 km':>8}{'or id':>7}")
    for name, own in sorted(groups.items()):
        print(f"  {name:72}{len(own):6}{share(v.is_near for v in own):8.3f}{share(v.is_near or v.same_id for v in own):7.3f}")


def print_misses(rows: Sequence[Row], resolved: Sequence[Sequence[PlaceMention]], gazetteer: Gazetteer) -> None:
    for row, mentions in zip(rows, resolved, strict=True):
        at = {m.span: m for m in mentions}
        for gold in row["toponyms"]:
            mention = at[Span(gold["start"], gold["end"])]
            if gold["lat"] is None or (v := verdict(gold, mention, gazetteer)).is_near or v.same_id:
                continue
            place, right = mention.place, (gold.get("gaz_name") or "", gold.get("admin1") or "", gold.get("country") or "")
            ours = f"{place.name}, {place.admin1}, {place.country} ({place.kind})" if place else "nothing"
            print(
                f"{row['doc_id']:14} {gold['name']:28} {' / '.join(filter(None, right)) or (gold['lat'], gold['lon'])} ours: {ours}"
            )


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
