"""What the reader of reports knows: page furniture, credits, agencies, months, languages, file formats.

The tables are reading/*.yaml; each pattern there carries examples it must match and near misses it must not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from dateline.knowledge.tables import read_csv, read_yaml
from dateline.records import BlockKind, NoteKind

NAME = r"(?-i:[A-Z][\w.’'-]*(?:\s+(?:de|del|la|van|von|bin|al|el|of|the|[A-Z&][\w.’'-]*)){0,4})"
"""One to five capitalised words, with the small words that stand inside names."""

CAPITALS = "".join(letter for letter in map(chr, range(0x41, 0x250)) if letter.isupper())
"""The capital letters of the Latin alphabets, for use inside square brackets."""
COUNTRY = rf"(?:\s\((?P<country>[{CAPITALS}][^()\[\]\d]{{1,40}})\)(?=,\s+(?:\d|NO DATE|[{CAPITALS}][\w.]* \d)))?"
"""The country in brackets between a dateline's place and its day."""


@dataclass(frozen=True)
class Agency:
    """A news agency: our name for it, its country (ISO-3166 alpha-3), the forms reports credit it by, the hosts of its sites."""

    name: str
    country: str
    forms: tuple[str, ...]
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParagraphPattern:
    """One entry of paragraphs.yaml, compiled; what `at` means is said at the head of that table. `needs` is in lower case."""

    id: str
    kind: BlockKind
    at: str
    words: int
    regex: re.Pattern[str]
    needs: str
    unless: re.Pattern[str] | None
    is_anywhere: bool
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class DatelinePattern:
    """One entry of datelines.yaml. `lead`: how many words the sentence after it must have; 0: any."""

    id: str
    regex: re.Pattern[str]
    lead: int
    labels: frozenset[str]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class NotePattern:
    """One entry of notes.yaml, compiled; what `at` means is said at the head of that table.

    Each example is a note with the words read in it: "text", "cue", and "matter", "earlier", "now" where it tells them.
    """

    id: str
    kind: NoteKind
    at: str
    regex: re.Pattern[str]
    unless: re.Pattern[str] | None
    examples: tuple[Mapping[str, str], ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class Credits:
    """How credits name sources that are not in the table of agencies, and what they are for.

    `organisation`: a word by which such a name is known. `picture` and `part` mark credits that are not for the text, `copyright`
    how a line opens that tells whose the text is.
    """

    organisation: re.Pattern[str]
    names_nobody: frozenset[str]
    """In small letters: what stands in a credit's place without naming a source; countries are among them."""
    picture: re.Pattern[str]
    part: re.Pattern[str]
    copyright: re.Pattern[str]
    generic: re.Pattern[str]
    """Words at the end of an organisation's name that say only what it is."""


@dataclass(frozen=True)
class FileFormat:
    """A format that is not text: its first bytes, and what whoever has such a file should do."""

    name: str
    starts: bytes
    advice: str


@dataclass(frozen=True)
class Script:
    """A script English is not written in, as a pattern for one of its letters."""

    name: str
    letters: re.Pattern[str]
    languages: str


@dataclass(frozen=True)
class MetadataKeys:
    """Where a page, a text's head or a JSON report keeps one kind of metadata: keys by preference, in small letters."""

    linked: tuple[str, ...]
    meta: tuple[str, ...]


@dataclass(frozen=True)
class WikitextTables:
    """What of wikitext is for readers: reading/wikitext.yaml, names in small letters."""

    shown: Mapping[str, str]
    dates: Mapping[str, tuple[str, ...]]
    furniture: frozenset[str]
    silent: frozenset[str]
    apart: frozenset[str]
    examples: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class AddressTable:
    """A table of GDELT that lists addresses, as one entry of reading/gdelt.yaml tells; columns counted from 0."""

    name: str
    columns: int
    address: int
    seen: int
    publisher: int | None
    only: tuple[int, str] | None
    several: str | None


@dataclass(frozen=True)
class ReadingTables:
    """All tables of reading/, compiled. `months` and `weekdays` go from the small-letter form to 1-12 and 0-6."""

    paragraphs: tuple[ParagraphPattern, ...]
    datelines: tuple[DatelinePattern, ...]
    agencies: tuple[Agency, ...]
    agency: re.Pattern[str]
    credits: Credits
    notes: tuple[NotePattern, ...]
    changes: tuple[re.Pattern[str], ...]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    full_date: re.Pattern[str]
    day_and_month: re.Pattern[str]
    formats: tuple[FileFormat, ...]
    languages: Mapping[str, frozenset[str]]
    scripts: tuple[Script, ...]
    metadata: Mapping[str, MetadataKeys]
    front_matter: Mapping[str, str]
    json_keys: Mapping[str, tuple[str, ...]]
    misread: Mapping[str, str]
    lone_misread: str
    wikitext: WikitextTables
    address_tables: tuple[AddressTable, ...]

    def agency_named(self, form: str) -> str | None:
        """The agency a form stands for, written as in the table or all in capitals ("KYODO"), or its host; a form of none: None."""
        return self._agency_by_form.get(form)

    def house_named(self, name: str) -> str:
        """A news organisation as we call it: an agency by its name in the table, another without the words that say only what
        it is."""
        return self.agency_named(name) or self.credits.generic.sub("", name) or name

    @cached_property
    def _agency_by_form(self) -> Mapping[str, str]:
        forms = ((form, a.name) for a in self.agencies for known in a.forms for form in (known, known.upper()))
        return {host: a.name for a in self.agencies for host in a.sites} | dict(forms)


@cache
def load_reading_tables() -> ReadingTables:
    """The tables, read once a process. Raises ValueError naming an entry that does not compile."""
    calendar = read_yaml("reading/calendar.yaml")
    agencies = tuple(map(_agency, read_yaml("reading/agencies.yaml")))
    credits = read_yaml("reading/credits.yaml")
    parts = {
        "C": CAPITALS,
        "agency": _one_of(
            [written for agency in agencies for form in agency.forms for written in (form, form.upper())], is_cased=True
        ),
        "name": NAME,
        "date": full_date_pattern(calendar["months"]),
        "day": f"(?i:{day_pattern(calendar['months'])})",
        "weekday": _one_of([form for forms in calendar["weekdays"] for form in forms], is_cased=False),
        "country": COUNTRY,
        "labels": labels_pattern(credits["labels"]),
    }
    metadata = read_yaml("reading/metadata.yaml")
    characters = read_yaml("reading/characters.yaml")
    notes = read_yaml("reading/notes.yaml")
    parts |= {"piece": notes["piece"], "figure": notes["figure"]}
    return ReadingTables(
        paragraphs=tuple(_paragraph(entry, parts) for entry in read_yaml("reading/paragraphs.yaml")),
        datelines=tuple(_dateline(entry, parts) for entry in read_yaml("reading/datelines.yaml")),
        agencies=agencies,
        agency=re.compile(rf"(?<![\w-]){parts['agency']}(?![\w-])"),
        months={form.lower(): number for number, forms in enumerate(calendar["months"], 1) for form in forms},
        weekdays={form.lower(): number for number, forms in enumerate(calendar["weekdays"]) for form in forms},
        full_date=re.compile(parts["date"], re.IGNORECASE),
        credits=_credits(credits),
        notes=tuple(_note(entry, parts) for entry in notes["notes"]),
        changes=tuple(_compiled({"id": "changes", "pattern": change}, parts, re.IGNORECASE) for change in notes["changes"]),
        day_and_month=re.compile(parts["day"], re.IGNORECASE),
        formats=tuple(_format(entry) for entry in read_yaml("reading/formats.yaml")),
        languages={name: frozenset(words) for name, words in read_yaml("reading/languages.yaml").items()},
        scripts=tuple(_script(entry) for entry in read_yaml("reading/scripts.yaml")),
        metadata={
            name: MetadataKeys(tuple(keys["linked"]), tuple(keys["meta"])) for name, keys in metadata.items() if "meta" in keys
        },
        front_matter={key: name for name, keys in metadata["front_matter"].items() for key in keys},
        json_keys={name: tuple(keys) for name, keys in metadata["json_keys"].items()},
        misread={misread: true for true in characters["misread"] for misread in misreadings(true)},
        lone_misread=characters["lone"],
        address_tables=tuple(
            AddressTable(
                e["name"],
                e["columns"],
                e["address"],
                e["seen"],
                e.get("publisher"),
                tuple(e["only"]) if "only" in e else None,
                e.get("several"),
            )
            for e in read_yaml("reading/gdelt.yaml")
        ),
        wikitext=_wikitext(read_yaml("reading/wikitext.yaml")),
    )


def _wikitext(entry: Mapping[str, Any]) -> WikitextTables:
    return WikitextTables(
        shown={name: str(which) for name, which in entry["shown"].items()},
        dates={name: tuple(map(str, keys)) for name, keys in entry["dates"].items()},
        furniture=frozenset(entry["furniture"]),
        silent=frozenset(entry["silent"]),
        apart=frozenset(entry["apart"]),
        examples=tuple(entry["examples"]),
    )


def day_pattern(months: list[list[str]]) -> str:
    """A day and its month, either first, with the year where it is printed: "Aug. 18", "4 FEB 90", "18 August 2020"."""
    month = _one_of([form for forms in months for form in forms], is_cased=False) + r"\b\.?"
    day = r"\b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
    year = r"(?:,?\s+(?:\d{4}|’?'?\d{2})\b)"
    return rf"(?:\b{month}\s+{day}{year}?|{day}\s+(?:of\s+)?{month}{year}?)"


def full_date_pattern(months: list[list[str]]) -> str:
    """A day, its month and its year, in words or as 2020-08-18."""
    month = _one_of([form for forms in months for form in forms], is_cased=False) + r"\b\.?"
    day = r"\b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
    # Two figures are a year only in a dateline, before its agency or dash: "4 FEB 90 (DPA) --".
    year = r"(?:\d{4}\b|\d{2}(?=\s*[()\[\-–—]))(?!\d)"
    month_first = rf"\b{month}\s+{day},?\s+{year}"
    day_first = rf"{day}\s+(?:of\s+)?{month},?\s+{year}"
    return rf"(?:{month_first}|{day_first}|\b\d{{4}}-\d\d-\d\d\b)"


def labels_pattern(labels: list[str]) -> str:
    """What a monitoring service calls a piece, in square brackets; once a known label has begun, whatever else is in brackets."""
    known = _one_of(labels, is_cased=True)
    return rf"(?:\[{known}\b[^\[\]]{{0,200}}\]\s*(?:\[[^\[\]]{{1,200}}\]\s*){{0,5}})?"


def misreadings(character: str) -> tuple[str, ...]:
    """How a character looks once its UTF-8 bytes were read as Windows-1252, for the decoders in use.

    Five bytes have no character there: some decoders leave U+FFFD, others the control character of that number.
    """
    looks = {character.encode("utf-8").decode("cp1252", errors="replace")}
    looks.add("".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in character.encode("utf-8")))
    return tuple(sorted(looks))


def _one_of(forms: list[str], *, is_cased: bool) -> str:
    longest_first = sorted(set(forms), key=lambda form: (-len(form), form))
    alternatives = "|".join(re.escape(form) for form in longest_first)
    return f"(?-i:(?:{alternatives}))" if is_cased else f"(?:{alternatives})"


def _compiled(entry: Mapping[str, Any], parts: Mapping[str, str], flags: int) -> re.Pattern[str]:
    pattern = entry["pattern"]
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise ValueError(f"knowledge/reading, entry {entry['id']}: {error}") from error


def _paragraph(entry: Mapping[str, Any], parts: Mapping[str, str]) -> ParagraphPattern:
    unless = entry.get("not")
    return ParagraphPattern(
        id=entry["id"],
        kind=BlockKind(entry["kind"]),
        at=entry["at"],
        words=entry.get("words", 40),
        regex=_compiled(entry, parts, 0 if entry.get("cased") else re.IGNORECASE),
        needs=entry.get("needs", ""),
        unless=re.compile(unless) if unless else None,
        is_anywhere=entry.get("anywhere", False),
        examples=tuple(entry["examples"]),
        near_misses=tuple(entry["near_misses"]),
    )


def _dateline(entry: Mapping[str, Any], parts: Mapping[str, str]) -> DatelinePattern:
    return DatelinePattern(
        id=entry["id"],
        regex=_compiled(entry, parts, 0),
        lead=entry.get("lead", 0),
        labels=frozenset(entry.get("labels", ())),
        examples=tuple(entry["examples"]),
        near_misses=tuple(entry["near_misses"]),
    )


def _note(entry: Mapping[str, Any], parts: Mapping[str, str]) -> NotePattern:
    unless = entry.get("not")
    return NotePattern(
        id=entry["id"],
        kind=NoteKind(entry["kind"]),
        at=entry["at"],
        regex=_compiled(entry, parts, 0 if entry.get("cased") else re.IGNORECASE),
        unless=re.compile(unless, re.IGNORECASE) if unless else None,
        examples=tuple(entry["examples"]),
        near_misses=tuple(entry["near_misses"]),
    )


def _credits(entry: Mapping[str, Any]) -> Credits:
    countries = {row["name"].lower() for row in read_csv("places/countries.csv")}
    words = _one_of(entry["organisation_words"], is_cased=True)
    cues = {name: re.compile(entry[name], re.IGNORECASE) for name in ("picture", "part", "copyright")}
    generic = re.compile(rf"(?:\s+{_one_of(entry['generic_words'], is_cased=False)})+$", re.IGNORECASE)
    return Credits(re.compile(rf"\b{words}\b"), frozenset(entry["names_nobody"]) | countries, **cues, generic=generic)


def _agency(entry: Mapping[str, Any]) -> Agency:
    return Agency(entry["name"], entry["country"], tuple(entry["forms"]), tuple(entry.get("sites", ())))


def _format(entry: Mapping[str, Any]) -> FileFormat:
    return FileFormat(entry["name"], bytes.fromhex(str(entry["starts"])), entry["advice"])


def _script(entry: Mapping[str, Any]) -> Script:
    ranges = "".join(f"{chr(low)}-{chr(high)}" for low, high in entry["ranges"])
    return Script(entry["script"], re.compile(f"[{ranges}]"), entry["languages"])
