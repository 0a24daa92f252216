"""Words that tell the names of people from other names: covering.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.knowledge.places import words_of
from dateline.knowledge.tables import read_yaml


@dataclass(frozen=True)
class NameWords:
    """`everyday`: names that are words too, in lower case. `bodies` show a run of capitals to be no person, `openers` stand before
    names; both as they are written. `calendar`: months and days, in lower case. `examples`: a text and the names of people in it.
    """

    everyday: frozenset[str]
    bodies: frozenset[str]
    openers: frozenset[str]
    calendar: frozenset[str]
    examples: tuple[tuple[str, tuple[str, ...]], ...]


def load_name_words() -> NameWords:
    """The words of covering.yaml, which ships inside the package."""
    table = read_yaml("covering.yaml")
    examples = ((text, tuple(name for name in names.split("; ") if name)) for text, names in table["examples"])
    lists = {name: words_of(table[name]) for name in ("everyday", "bodies", "openers", "calendar")}
    return NameWords(**lists, examples=tuple(examples))
