"""It reads sentences: the same whatever stands beside them, with every layer of the reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dateline.language.models import Models, load_models
from dateline.language.reading import Unread, read_words
from dateline.language.tokens import tokenise
from dateline.records import EntityKind, FactualityKind, Sentence, Span

LONG = (
    "The ministry, which had first denied that anybody was hurt, said on Tuesday that the governor of the northern province of "
    "Kavango, Petra Shilongo, would not resign even though 40 teachers were arrested during the march she had banned."
)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def read(models: Models, *texts: str, predicates: list[set[int]] | None = None) -> tuple[Sentence, ...]:
    text, unread, at = "\n".join(texts), [], 0
    for t in texts:
        span = Span(at, at + len(t))
        unread.append(Unread(0, span, tokenise(text, span)))
        at += len(t) + 1
    return read_words(text, unread, models, predicates=predicates)


def test_a_sentence_reads_the_same_in_any_company(models: Models) -> None:
    short = "Police detained 40 miners in Vadu."
    (alone,) = read(models, short)
    assert read(models, short, LONG)[0] == alone
    assert read(models, short, *[LONG] * 5, "No.")[0] == alone


def test_several_threads_give_the_same_in_the_same_order(models: Models) -> None:
    texts = [LONG, "Rain fell.", "Miners in Vadu walked out on Monday.", "Nobody was hurt."]
    assert read(replace(models, threads=2), *texts) == read(models, *texts)


def test_nothing_to_read(models: Models) -> None:
    assert read_words("", [], models) == ()


def test_it_reads_who_did_what_to_whom(models: Models) -> None:
    (sentence,) = read(models, "Police detained 40 miners in Vadu on Monday.")
    (predicate,) = (p for p in sentence.predicates if sentence.tokens[p.token].text == "detained")
    assert predicate.roleset == "detain.01"
    roles = {r.label: " ".join(t.text for t in sentence.tokens[r.first : r.last + 1]) for r in predicate.roles}
    assert roles == {"ARG0": "Police", "ARG1": "40 miners", "ARGM-LOC": "in Vadu", "ARGM-TMP": "on Monday"}


def test_it_reads_event_nouns(models: Models) -> None:
    (sentence,) = read(models, "The arrest of two editors angered the union.")
    assert {"arrest", "angered"} <= {sentence.tokens[p.token].text for p in sentence.predicates}


def test_a_word_asked_for_is_read_as_a_predicate(models: Models) -> None:
    (sentence,) = read(models, "The harbour is old.", predicates=[{1}])
    assert 1 in {p.token for p in sentence.predicates}


@pytest.mark.parametrize(
    ("text", "predicate", "kind", "cue"),
    [
        ("The police did not arrest anybody.", "arrest", FactualityKind.NEGATION, "not"),
        ("Nurses plan to strike next week.", "strike", FactualityKind.PLAN, "plan"),
        ("If the talks fail, drivers will block the port.", "fail", FactualityKind.CONDITION, "If"),
        pytest.param(
            "The army allegedly shelled the village.",
            "shelled",
            FactualityKind.ALLEGATION,
            "allegedly",
            marks=pytest.mark.xfail(reason="rare in the treebanks; the coder's own cue table has it", strict=True),
        ),
        ("Prosecutors accuse the officer of torturing two men.", "torturing", FactualityKind.ALLEGATION, "accuse"),
        ("Teachers could walk out.", "walk", FactualityKind.MODALITY, "could"),
    ],
)
def test_it_reads_what_keeps_an_event_from_being_a_fact(
    models: Models, text: str, predicate: str, kind: FactualityKind, cue: str
) -> None:
    (sentence,) = read(models, text)
    (found,) = (p for p in sentence.predicates if sentence.tokens[p.token].text == predicate)
    assert (kind, cue) in {(c.kind, sentence.tokens[c.token].text) for c in found.cues}


def test_it_reads_who_is_cited_by_what_words(models: Models) -> None:
    text = "The union said on Friday that nobody had been paid since March."
    (sentence,) = read(models, text)
    (reported,) = sentence.reported
    assert reported.source is not None
    assert reported.source.of(text) == "The union"
    assert reported.cue is not None
    assert "said" in reported.cue.of(text)
    assert "nobody had been paid since March" in reported.contents[0].of(text)


def test_it_reads_features_of_form(models: Models) -> None:
    (sentence,) = read(models, "Miners struck.")
    assert "Number=Plur" in sentence.tokens[0].features
    assert "Tense=Past" in sentence.tokens[1].features


def test_it_says_of_what_type_the_sentence_speaks(models: Models) -> None:
    (protest,) = read(models, "Thousands of students marched through Lima to protest against the new fees.")
    (weather,) = read(models, "The rain eased towards the evening.")
    assert protest.event_types[0][0] == "PROTEST"
    assert all(chance < 0.5 for _, chance in weather.event_types)


def test_names_are_whole(models: Models) -> None:
    (sentence,) = read(models, LONG)
    assert any(e.kind is EntityKind.PERSON and e.span.of(LONG) == "Petra Shilongo" for e in sentence.entities)
