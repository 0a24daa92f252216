"""The same gold as it stands in other hands: all in capitals, all in small letters, without punctuation, without quotation marks.

A reader that leans on capitals and stops loses points on a wire in capitals, on old archives and on titles; how many is the
difference between a variant's figure and that of the plain text.
"""

from __future__ import annotations

import argparse
import unicodedata
from enum import StrEnum


class Variant(StrEnum):
    """How the text is written before it is read. The gold changes with it, and nothing else does."""

    PLAIN = "plain"
    UPPER = "upper"
    LOWER = "lower"
    NOPUNCT = "nopunct"
    NOQUOTES = "noquotes"


EVERY = 4
"""A run over all variants reads each fourth document only, so that five variants take little more time than one."""

QUOTES = frozenset('"“”„‟«»‹›‘‚`')
"""Marks that only quote. The straight and the right single mark are apostrophes too: they count in pairs, or as the gold says."""

SIGNS = frozenset("&%@#*/\\")
"""Unicode calls these punctuation; in a text they stand for words, or inside them."""


def in_case(text: str, variant: Variant) -> str:
    """The text in the variant's case; for the other variants it is the text."""
    return text.upper() if variant is Variant.UPPER else text.lower() if variant is Variant.LOWER else text


def ignores_case(variant: Variant) -> bool:
    """Nobody can tell from a text in one case how a lemma's letters would be written."""
    return variant in {Variant.UPPER, Variant.LOWER}


def is_quotation_mark(word: str) -> bool:
    return bool(word) and (set(word) <= QUOTES or word in {"''", "’’"})


def is_punctuation(word: str) -> bool:
    """Nothing but punctuation by Unicode's classes, the signs that stand for words set aside."""
    return bool(word) and all(unicodedata.category(c).startswith("P") and c not in SIGNS for c in word)


def add_options(parser: argparse.ArgumentParser) -> None:
    """--variant NAME, or --variants for all of them."""
    parser.add_argument("--variant", type=Variant, choices=list(Variant), default=Variant.PLAIN, help="how the text is written")
    parser.add_argument("--variants", action="store_true", help=f"all variants in one table, on every {EVERY}th document")
