"""The home of a publisher: where the reports of a local paper are likely to play.

Three things tell of it: the words of its name or address ("The Halden Herald", haldenherald.example), the country its address ends
in, and a record of where its other reports play, which is learned from a batch (`learn_homes`) or given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from dateline.knowledge.papers import PaperWords
from dateline.knowledge.places import Candidate, Gazetteer
from dateline.records import PlaceMention

SMALLEST_HOME = 5_000  # people: a smaller town hardly has a paper that carries its name
SMALLEST_BARE_HOME = 100_000  # people: an address that is a place's name without a word for a paper ("dallas")


@dataclass(frozen=True)
class Home:
    """What is known of where a publisher's reports play; nothing known: all empty.

    `name` is the place it is named after, `places` what that may stand for. `ending` is the country of its address's ending.
    `past` are shares of its other reports that name a place in a country (unit None) and in a first-level unit, most first.
    """

    name: str = ""
    places: tuple[Candidate, ...] = ()
    ending: str | None = None
    past: tuple[tuple[str, str | None, float], ...] = ()


def find_home(address: str | None, publisher: str | None, papers: PaperWords, gazetteer: Gazetteer) -> Home:
    """The home told by the words of a publisher's name, else of its address, and by the country the address ends in."""
    labels = host_of(address).split(".")
    ending = _country_of(labels[-1], papers, gazetteer)
    told = [publisher.lower()] if publisher and "." not in publisher else []
    told.append(" ".join(label for label in labels[:-1] if label and label not in papers.endings))
    for words in told:
        for name, is_paper in _names_in(words, papers):
            smallest = SMALLEST_HOME if is_paper else SMALLEST_BARE_HOME
            places = tuple(
                c for c in gazetteer.find(name) if c.is_main_name and c.population >= smallest and ending in (None, c.place.country)
            )
            if places:
                return Home(name.title(), places, ending)
    return Home(ending=ending)


def host_of(address: str | None) -> str:
    """The host of an address without "www."; no address: the empty string."""
    host = urlsplit(address).hostname if address and "//" in address else None
    return (host or "").removeprefix("www.")


def _country_of(ending: str, papers: PaperWords, gazetteer: Gazetteer) -> str | None:
    if len(ending) != 2 or ending in papers.anywhere:
        return None
    iso2 = "GB" if ending == "uk" else ending.upper()
    return next((c.iso3 for c in gazetteer.countries.values() if c.iso2 == iso2), None)


def _names_in(told: str, papers: PaperWords) -> Iterator[tuple[str, bool]]:
    """What may be a place in a paper's name, and whether there were words for a paper: "lasvegassun" -> "las vegas", ….

    Addresses run words together, so words for papers are taken off both ends and what is left is tried with a gap anywhere.
    """
    words = [w for w in re.findall(r"[^\W\d_]+", told) if w not in papers.words]
    had_more = len(words) < len(re.findall(r"[^\W\d_]+", told))
    if len(words) > 1:
        yield " ".join(words), had_more
    for word in words:
        core = _core(word, papers)
        if len(core) > 3 and core not in papers.words:
            yield core, had_more or core != word
            yield from ((f"{core[:i]} {core[i:]}", had_more or core != word) for i in range(3, len(core) - 2))


def _core(word: str, papers: PaperWords) -> str:
    """ "gainesvilleregister" -> "gainesville", "onlineathens" -> "athens"; a word that is all paper: what cannot be taken off."""
    while True:
        shorter = next(
            (
                cut
                for w in papers.words
                if len(w) > 2 or w == "of"
                for cut in (word.removesuffix(w), word.removeprefix(w))
                if cut != word and len(cut) > 3
            ),
            word,
        )
        if shorter == word:
            return word
        word = shorter


Units = frozenset[tuple[str, str | None]]
"""Countries (unit None) and first-level units that a report names."""


def units_named(mentions: Iterable[PlaceMention]) -> Units:
    """The countries and first-level units of a report's resolved names; adjectives tell nothing of where it plays."""
    places = [m.place for m in mentions if m.place and m.place.country and not m.is_adjective]
    return frozenset((p.country, unit) for p in places for unit in (None, p.admin1) if p.country)


def with_past(home: Home, reports: Iterable[Units]) -> Home:
    """The home with the shares of a publisher's other reports that name each country and unit; no reports: as it was.

    The order of the reports does not matter. A report must not be among those that its own places are weighed by.
    """
    told = list(reports)
    counts = Counter(unit for units in told for unit in units)
    shares = tuple((country, unit, count / len(told)) for (country, unit), count in counts.items())
    return replace(home, past=tuple(sorted(shares, key=lambda s: (-s[2], s[0], s[1] or ""))))
