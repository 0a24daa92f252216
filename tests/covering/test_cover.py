"""Names of private people go wherever and however they are written; what is not theirs stays, and every span keeps its words."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.covering.cover import Cover, coarse
from dateline.covering.names import names_in
from dateline.covering.people import Knowledge, People, is_person
from dateline.knowledge.actors import load_actors
from dateline.knowledge.covering import load_name_words
from dateline.knowledge.places import load_gazetteer
from dateline.records import (
    READ,
    Actor,
    Block,
    Claim,
    Coder,
    Coding,
    Document,
    EventMention,
    EventPlace,
    How,
    OffsetMap,
    Origin,
    Participant,
    Place,
    PlaceCandidate,
    PlaceKind,
    PublicationDate,
    Span,
    Status,
    StatusValue,
)

KNOWLEDGE = Knowledge(load_actors(), load_name_words(), load_gazetteer())
DAY = date(2020, 8, 18)
POLICE = Actor("police", "BLR", "COP", is_group=True)
ZOE = Actor("Zoë Marchetti-Lind", "BLR", "CVL")
PRESIDENT = Actor("Alexander Lukashenko", "BLR", "GOV", id="person:alexander-lukashenko", role="President")


def coding(text: str, *actors: tuple[str, Actor], place: Place | None = None, **of_document: object) -> Coding:
    """A report that has one record, with these actors at their words."""
    document = Document("d" * 16, "a.txt", "0" * 64, text, (Block(Span(0, len(text))),), OffsetMap(), **of_document)  # type: ignore[arg-type]
    parties = tuple(Participant(actor, Span(text.index(words), text.index(words) + len(words)), READ) for words, actor in actors)
    event = EventMention(
        "COERCE", "arrest", (), Span(0, 1), Span(0, len(text)), (), parties, None,
        EventPlace(place, READ, None, (), (PlaceCandidate(place, 1.0, ()),)) if place else None,
        (), Status(StatusValue.ASSERTED), (), "by hand", 0.5,
    )  # fmt: skip
    return Coding("a.txt", document, (Claim("c" * 20, document.id, event, Coder("", "", "")),))


def cover_of(*codings: Coding) -> Cover:
    people = People(KNOWLEDGE)
    for one in codings:
        people.gather(one)
    people.number()
    return Cover(people)


def letters(text: str) -> str:
    """The text as somebody would compare it who looks for a name: letters alone, without marks and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalpha())


HELD = coding("Zoë Marchetti-Lind was held by police.", ("Zoë Marchetti-Lind", ZOE), ("police", POLICE))


@pytest.mark.parametrize(
    "written",
    [
        "ZOË MARCHETTI-LIND IS FREE",
        "zoe marchetti-lind is free",
        "Zoe\u0308 Marchetti\u2011Lind's lawyer",
        "Zoë Marchetti\nLind",
        "Zoë Marchetti-\n   Lind",
        "Ms. Lind and Zoë",
        "Z. Marchetti said",
        "Marchetti-Lind, Zoë",
        "the Marchettis",
        "“Marchetti”",
        "Mar\u00adchetti and Mar\u200bchetti",
        "https://news.example/2020/08/zoe-marchetti-lind-held.html",
        "https://news.example/?who=zoe%20marchetti%20lind",
        "zoe_marchetti_lind.jpg",
        "#FreeZoeMarchetti",
        "#FreeMarchetti",
        "#lindzoe",
        "write to zoe.marchetti@post.example",
        "zoë’s brother",
        "<b>Zoë</b> <i>Marchetti</i>",
        "person Zoë",
        "LIND/MARCHETTI",
    ],
)
def test_a_name_goes_however_it_is_written(written: str) -> None:
    covered = letters(cover_of(HELD).text(written))
    assert all(word not in covered for word in ("zoe", "marchetti", "lind"))


def test_one_person_has_one_pseudonym_in_short_and_in_full() -> None:
    said = "Zoë Marchetti-Lind spoke. Marchetti wept; Lind's lawyer, and Zoë herself, did not."
    assert cover_of(HELD).text(said) == "person 1 spoke. person 1 wept; person 1's lawyer, and person 1 herself, did not."


def test_pseudonyms_follow_the_order_of_naming_and_say_nothing_of_the_name() -> None:
    first = coding("Wanda Sorel met Abel Okoro.", ("Wanda Sorel", Actor("Wanda Sorel", None, "CVL")))
    assert cover_of(first).text("Abel Okoro, Wanda Sorel") == "person 2, person 1"


def test_who_holds_an_office_by_the_tables_stays_also_beside_a_namesake() -> None:
    text = "Alexander Lukashenko met Alexander Vikhor. Lukashenko left; Vikhor stayed."
    told = coding(text, ("Alexander Lukashenko", PRESIDENT), ("Alexander Vikhor", Actor("Alexander Vikhor", "BLR", "CVL")))
    assert cover_of(told).text(text) == "Alexander Lukashenko met person 1. Lukashenko left; person 1 stayed."


def test_whom_no_record_names_goes_as_well() -> None:
    told = coding(
        "Police held a man. His sister, Wanda Sorel, and Dr. Mbeki saw it.", ("Police", POLICE), byline="By Tilda Brandes"
    )
    covered = cover_of(told).coding(told)
    assert covered.document is not None
    assert covered.document.text == "Police held a man. His sister, person 2, and Dr. person 3 saw it."
    assert covered.document.byline == "By person 1"


def test_a_name_that_is_an_everyday_word_goes_where_somebody_is_called_so_and_stays_elsewhere() -> None:
    may = coding("Grace May was held on 12 May 2020. May said she may appeal by the grace of the court.")
    covered = cover_of(may).coding(may)
    assert covered.document is not None
    assert covered.document.text == "person 1 was held on 12 May 2020. person 1 said she may appeal by the grace of the court."
    assert cover_of(may).text("In May the Grace Hospital may open.") == "In May the Grace Hospital may open."


@pytest.mark.parametrize(
    "said",
    [
        "The Halden Press Agency said police held 40 people in Minsk.",
        "id 4f1adazoe0",
        "0fafd70d64f2bbff2366",
        "The European Commission and Amnesty International met on Tuesday.",
        "Zoology, blind, lindens, marchettino",
    ],
)
def test_what_is_nobodys_name_stays(said: str) -> None:
    assert cover_of(HELD).text(said) in {said, said.replace("zoe", "person 1")}
    assert "person" not in cover_of(HELD).text("0fafd70d64f2bbff2366 abadcafe00112233")


def test_what_leads_to_a_person_without_a_name_goes() -> None:
    said = "Call +375 29 123-45-67, write to info@post.example or @theirs."
    assert cover_of(HELD).text(said) == "Call [telephone number], write to [e-mail address] or [account]."


def test_every_span_of_a_covered_record_has_its_words() -> None:
    text = "Zoë Marchetti-Lind was held by police in Brest. Marchetti’s mother wept."
    told = coding(
        text, ("Zoë Marchetti-Lind", ZOE), ("police", POLICE), title="Marchetti held", address="https://a.example/marchetti"
    )
    covered = cover_of(told).coding(told)
    document, event = covered.document, covered.claims[0].event
    assert document is not None
    assert document.title == "person 1 held"
    assert document.address is None
    assert [p.span.of(document.text) for p in event.recipients if p.span] == ["person 1", "police"]
    assert [p.actor.name for p in event.recipients] == ["person 1", "police"]
    assert event.evidence.of(document.text) == document.text
    assert covered.claims[0].id == told.claims[0].id
    assert document.blocks[-1].span.end == len(document.text)


def test_addresses_of_reports_are_kept_only_when_asked_and_when_nobodys_name_is_in_them() -> None:
    for address, kept in (("https://a.example/held", True), ("https://a.example/ZoeMarchettiLind", False)):
        told = coding(HELD.document.text, ("Zoë Marchetti-Lind", ZOE), address=address)  # type: ignore[union-attr]
        people = cover_of(told).people
        shown = [Cover(people, keeps_addresses=keeps).coding(told).document for keeps in (False, True)]
        assert [document.address for document in shown if document] == [None, address if kept else None]


def test_places_are_told_no_finer_than_the_first_level_unit_and_never_as_a_point() -> None:
    jail = Place("Okrestina", PlaceKind.FACILITY, "BLR", None, "Minsk City", (53.9, 27.5), within="Minsk")
    told = coding("Zoë Marchetti-Lind was held at Okrestina in Minsk.", ("Zoë Marchetti-Lind", ZOE), place=jail)
    covered = cover_of(told).coding(told)
    place = covered.claims[0].event.place
    assert place is not None
    assert place.place == Place("Minsk City", PlaceKind.ADMIN1, "BLR", admin1="Minsk City")
    assert place.candidates == ()
    assert covered.document is not None
    assert covered.document.text == "person 1 was held at [place in Minsk] in Minsk."
    assert coarse(Place("Nowhere", PlaceKind.CITY, "BLR", point=(1.0, 2.0))) == Place("BLR", PlaceKind.COUNTRY, "BLR")


@pytest.mark.parametrize(
    ("actor", "is_private"),
    [
        (ZOE, True),
        (Actor("سعيدة النوري", "JOR", "JRN"), True),
        (Actor("Xi", None, "CVL"), True),
        (Actor("Mayor Zoë Lind", "CHE", "GOV"), True),
        (PRESIDENT, False),
        (POLICE, False),
        (Actor("Viasna", "BLR", "SOC", is_group=True), False),
        (Actor("Belarusian president", "BLR", "GOV"), False),
        (Actor("Foreign Ministry spokesman", "BLR", "GOV"), False),
        (Actor("Belarus", "BLR", "GOV"), False),
        (Actor("Vitebsk", "BLR", None), False),
        (Actor("a lawyer", None, "CVL"), False),
    ],
)
def test_a_private_person_has_a_name_and_no_office_of_the_tables(actor: Actor, is_private: bool) -> None:
    assert is_person(actor, KNOWLEDGE) is is_private


def test_an_office_ends_a_former_holder_whom_only_the_text_names_is_private() -> None:
    told = coding("It was Angela Merkel's doing.", published=PublicationDate(DAY, Origin(How.GIVEN)))
    later = coding("It was Angela Merkel's doing.", published=PublicationDate(date(2030, 1, 1), Origin(How.GIVEN)))
    assert cover_of(told).text("Angela Merkel") == "Angela Merkel"
    assert cover_of(later).text("Angela Merkel") == "person 1"


@pytest.mark.parametrize(("text", "names"), KNOWLEDGE.words.examples)
def test_names_are_found_in_a_text_as_the_table_says(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text, KNOWLEDGE.actors, KNOWLEDGE.words, KNOWLEDGE.gazetteer) == names


PARTS = ["Zoë", "Marchetti", "Lind", "zoe", "MARCHETTI-LIND", "police", "in", "Minsk", ",", "’s", "-", "2020", "🔥", "the"]
NAMES = st.sampled_from([*PARTS, "\n"])


@given(st.lists(NAMES, min_size=1, max_size=12), st.sampled_from([" ", "", "\n"]))
def test_covering_leaves_no_name_and_is_done_once(parts: list[str], between: str) -> None:
    text = between.join(parts) or "x"
    told = Coding("a", Document("d" * 16, "a", "", text, (Block(Span(0, len(text))),), OffsetMap()))
    people = cover_of(HELD).people
    people.in_document[told.document.id] = {0}  # type: ignore[union-attr]
    document = Cover(people).coding(told).document
    assert document is not None
    plain = unicodedata.normalize("NFKD", document.text).casefold().replace("\u0308", "")
    words = set(plain.replace("-", " ").split())
    assert not words & {"zoe", "marchetti", "lind"}
    assert document.blocks[0].span == Span(0, len(document.text))
    assert Cover(people).text(document.text, {0}) == document.text
