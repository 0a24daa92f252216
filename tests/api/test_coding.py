"""One text at a time, and the components that hand texts on to it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import tomllib
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dateline
from dateline.api import coding
from dateline.api.project import Project, Source
from dateline.ingest.read import read_report
from dateline.records import Report, Span

ROOT = Path(__file__).resolve().parents[2]

SAID = "Police in Oslo arrested 40 students on Monday."


@pytest.fixture(scope="session")
def coder() -> dateline.TextCoder:
    return coding._usual()


def test_importing_it_brings_nothing_that_takes_time() -> None:
    code = "import sys; before = set(sys.modules); import dateline; print(*sorted(set(sys.modules) - before))"
    brought = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in brought if name.startswith("dateline")] == ["dateline"]
    assert {name.partition(".")[0] for name in brought} <= set(sys.stdlib_module_names) | {"dateline"}
    assert {"asyncio", "email", "importlib.metadata", "subprocess", "logging"}.isdisjoint(brought)


def test_every_public_name_is_there() -> None:
    assert [name for name in dateline.__all__ if getattr(dateline, name, None) is None] == []
    assert set(dir(dateline)) == set(dateline.__all__)
    with pytest.raises(AttributeError, match="extract"):
        dateline.extract  # noqa: B018


# ---------------------------------------------------------------- texts


def test_a_text_is_coded_with_what_is_said_of_it() -> None:
    told = dateline.code(SAID, published="2024-05-15", publisher="The Paper", title="Arrests")
    (claim,) = told.claims
    assert told.document is not None
    assert (claim.event.type, claim.event.evidence.of(told.document.text)) == ("COERCE", SAID.partition(" on ")[0])
    assert claim.event.time is not None
    assert claim.event.time.first == date(2024, 5, 13)
    assert told.document.publisher == "The Paper"
    assert told == dateline.code(SAID, published=date(2024, 5, 15), publisher="The Paper", title="Arrests")


@pytest.mark.parametrize(
    "text", ["", " \n", "\ud800", "\x00\x01\x02" * 50, "%PDF-1.4 \x00\x01", "Полиция задержала сорок человек в Осло."]
)
def test_no_text_raises(text: str, coder: dateline.TextCoder) -> None:
    told = coder.code(text)
    assert told.claims == ()
    assert told.document is not None or [problem.is_fatal for problem in told.problems] == [True]


def test_a_day_that_is_none_is_a_mistake_of_who_asks(coder: dateline.TextCoder) -> None:
    with pytest.raises(ValueError, match="2020-08-18"):
        coder.code(SAID, published="last week")


def test_a_coder_that_fails_gives_a_problem() -> None:
    def fail(report: Report) -> dateline.Coding:
        raise RuntimeError("no")

    told = coding.TextCoder(coding._usual().version, None, fail).code(SAID)
    assert [(problem.is_fatal, problem.report) for problem in told.problems] == [(True, "text")]


def test_a_coder_is_handed_on_by_what_it_was_loaded_from(coder: dateline.TextCoder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert copy.deepcopy(coder) is coder
    loaded: list[Path | None] = []
    monkeypatch.setattr(coding, "load_coder", loaded.append)
    again = pickle.loads(pickle.dumps(coder))
    assert (again.version, loaded) == (coder.version, [None])


# ---------------------------------------------------------------- into a ledger


def test_reports_are_added_in_this_process_and_once(
    tmp_path: Path, coder: dateline.TextCoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dateline.api.adding

    monkeypatch.setattr(dateline.api.adding, "load_coder", lambda: coder.code_report)
    (tmp_path / "note.txt").write_text("Miners went on strike in Salihorsk on Friday.")
    done: list[str] = []
    project = Project(tmp_path / "ledger", None, dateline.open(tmp_path / "ledger", create=True)._site)
    sources: list[Source] = [Report("memory", SAID.encode()), str(tmp_path / "note.txt"), tmp_path / "nowhere.txt"]
    result = project.add(sources, published="2024-05-15", publisher="The Paper", workers=0, on_progress=done.append)
    assert (result.documents, result.claims) == (2, 2)
    assert [problem.report for problem in result.failed] == [str(tmp_path / "nowhere.txt")]
    assert done == ["memory", str(tmp_path / "note.txt"), str(tmp_path / "nowhere.txt")]
    assert {row.publisher for row in project.claims()} == {"The Paper"}
    assert {row.published for row in project.claims()} == {date(2024, 5, 15)}
    assert project.link().events == 2
    assert len(project.find()) == 2
    assert len(project.add(sources[0], published="2024-05-15", publisher="The Paper", workers=0).skipped) == 1


# ---------------------------------------------------------------- spaCy


TEXTS = st.lists(
    st.sampled_from(["police", "🔥🔥", "naïve", "  ", "\n\n", "\n", "—", "“so”", "Minsk", "\u200b", "é", "ﬁ", "\t", "40"]),
    min_size=2,
    max_size=40,
)


@settings(max_examples=30)
@given(TEXTS)
def test_words_of_a_document_are_found_in_the_text_it_was_read_from(parts: list[str]) -> None:
    spacy = pytest.importorskip("dateline.api.spacy")
    text = f"Police came. {' '.join(parts)} They left."
    document, _ = read_report(Report("text", coding.bytes_of(text), coding.PLAIN))
    if document is None:
        return
    spans = [
        Span(start, start + len(word))
        for word in ("police", "🔥🔥", "naïve", "Minsk", "40", "left")
        for start in [document.text.find(word)]
        if start >= 0
    ]
    assert spans
    for span, place in zip(spans, spacy.letters_of(text, document, spans), strict=True):
        assert place is not None
        assert text[slice(*place)] == span.of(document.text)


def test_a_pipeline_of_spacy_marks_what_tells_of_events(coder: dateline.TextCoder, monkeypatch: pytest.MonkeyPatch) -> None:
    spacy = pytest.importorskip("spacy")
    component = import_module("dateline.api.spacy")
    monkeypatch.setattr(component, "coder", lambda actors: coder)
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline", config={"published": "2024-05-15", "publisher": "The Paper"})
    doc = nlp("\n\n  OSLO 🔥 —  Police in   Oslo\n arrested 40 students on Monday.\n\n\nMiners 😀 will strike.")
    (claim, strike) = doc._.dateline.claims
    assert [(span.text, span.label_, span.id_) for span in doc.spans["dateline"]] == [
        ("Police in   Oslo\n arrested 40 students", "COERCE", claim.id), ("Miners 😀 will strike", "PROTEST", strike.id)
    ]  # fmt: skip
    assert [span.text for span in doc.spans["dateline_triggers"]] == ["arrested", "strike"]
    assert claim.event.time.first == date(2024, 5, 13)
    empty = nlp.make_doc(SAID)
    empty._.dateline_published = "2024-05-22"
    assert nlp(empty)._.dateline.claims[0].event.time.first == date(2024, 5, 20)
    assert len(nlp("").spans["dateline"]) == 0
    assert [len(doc.spans["dateline"]) for doc in nlp.pipe([SAID, "Nothing."])] == [1, 0]


def test_the_entry_point_of_spacy_leads_to_the_component() -> None:
    pytest.importorskip("spacy")
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["spacy_factories"]
    module, _, name = points["dateline"].partition(":")
    assert callable(getattr(import_module(module), name))


# ---------------------------------------------------------------- scikit-learn


def test_texts_become_counts_in_a_pipeline(coder: dateline.TextCoder) -> None:
    pytest.importorskip("sklearn")
    from sklearn.base import clone
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler

    from dateline.api.sklearn import DatelineFeatures

    features = DatelineFeatures(published="2024-05-15", coder=coder)
    texts = [SAID, "The cake was good.", "Police arrested ten miners. Miners will strike.", ""]
    names = list(features.get_feature_names_out())
    counts = features.fit_transform(texts)
    assert counts.shape == (4, len(names))
    assert counts.sum(axis=1).tolist() == [1, 0, 2, 0]
    assert [counts[2, names.index(name)] for name in ("COERCE asserted", "PROTEST planned")] == [1, 1]
    assert clone(features).coder is coder
    assert make_pipeline(features, MaxAbsScaler()).fit_transform(texts).max() == 1
