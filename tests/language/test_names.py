"""It makes the kinds of names agree across a report."""

from dataclasses import replace

from dateline.language.names import agree_on_names
from dateline.records import Entity, EntityKind, Sentence, Span

TEXT = "Amira Sadat left Vadu. Sadat spoke. Vadu slept. Sadat met Vadu on Monday."


def entity(words: str, nth: int, kind: EntityKind, confidence: float = 0.9) -> Entity:
    at = -1
    for _ in range(nth):
        at = TEXT.index(words, at + 1)
    return Entity(Span(at, at + len(words)), kind, confidence)


def kinds(*entities: Entity) -> list[EntityKind]:
    (sentence,) = agree_on_names(TEXT, [Sentence(0, 0, Span(0, len(TEXT)), (), entities)])
    return [e.kind for e in sentence.entities]


def test_the_surer_reading_of_a_name_wins_throughout() -> None:
    found = kinds(
        entity("Vadu", 1, EntityKind.LOCATION, 0.9),
        entity("Vadu", 2, EntityKind.PERSON, 0.6),
        entity("Vadu", 3, EntityKind.LOCATION, 0.5),
    )
    assert found == [EntityKind.LOCATION] * 3


def test_what_a_mention_may_be_counts_too() -> None:
    person, place = EntityKind.PERSON, EntityKind.LOCATION
    torn = replace(entity("Vadu", 1, person), chances=((person, 0.5), (place, 0.48)))
    assert kinds(torn, replace(entity("Vadu", 2, place), chances=((place, 0.7), (person, 0.3)))) == [place] * 2


def test_a_short_form_in_brackets_is_what_the_long_name_is() -> None:
    text = "The Board of Mines (BOM) met. BOM left."
    board = Entity(Span(4, 18), EntityKind.ORGANIZATION, 0.9)
    short, again = (Entity(Span(at, at + 3), EntityKind.LOCATION, 0.8) for at in (20, 30))
    (read,) = agree_on_names(text, [Sentence(0, 0, Span(0, len(text)), (), (board, short, again))])
    assert [e.kind for e in read.entities] == [EntityKind.ORGANIZATION] * 3


def test_a_place_after_a_name_in_brackets_that_is_no_short_form_stays_a_place() -> None:
    text = "The Board of Mines (Oslo) met."
    board, oslo = Entity(Span(4, 18), EntityKind.ORGANIZATION, 0.9), Entity(Span(20, 24), EntityKind.LOCATION, 0.8)
    (read,) = agree_on_names(text, [Sentence(0, 0, Span(0, len(text)), (), (board, oslo))])
    assert read.entities == (board, oslo)


def test_a_surname_alone_is_the_person_named_in_full() -> None:
    found = kinds(entity("Amira Sadat", 1, EntityKind.PERSON), entity("Sadat", 2, EntityKind.LOCATION))
    assert found == [EntityKind.PERSON] * 2


def test_dates_are_left_alone() -> None:
    assert kinds(entity("Monday", 1, EntityKind.DATE)) == [EntityKind.DATE]


def test_no_names_give_no_names() -> None:
    assert kinds() == []


def test_small_letters_are_no_name_in_a_text_with_capitals() -> None:
    text = "The miners' union met Bo."
    union, bo = Entity(Span(4, 17), EntityKind.ORGANIZATION, 0.6), Entity(Span(22, 24), EntityKind.PERSON, 0.9)
    (read,) = agree_on_names(text, [Sentence(0, 0, Span(0, len(text)), (), (union, bo))])
    assert read.entities == (bo,)
    (read,) = agree_on_names(text.lower(), [Sentence(0, 0, Span(0, len(text)), (), (union, bo))])
    assert read.entities == (union, bo)
