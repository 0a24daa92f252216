"""Records written down and read back."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import records
from dateline.records import RECORD_VERSION, Claim, Coding, Document, Judgement, Problem, Quotation, Report, Span
from dateline.serial import SCHEMA_VERSION, UnreadableRecordError, from_json, json_schema, to_json
from tests.views import sample

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 10**6), st.integers(1, 10**4))
numbers = st.floats(allow_nan=False, allow_infinity=False)


def records_of(kind: type) -> st.SearchStrategy[object]:
    """Records whose every field is drawn, lists kept short so that a whole coding stays small."""
    for plain, strategy in ((Span, spans), (str, texts), (float, numbers)):
        st.register_type_strategy(plain, strategy)
    return st.from_type(kind)


quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("kind", [Claim, Coding, Document, Quotation, Problem, Judgement])
def test_it_reads_back_what_it_wrote(kind: type) -> None:
    @quick
    @given(records_of(kind))
    def check(record: Coding) -> None:
        written = to_json(record)
        assert from_json(kind, written) == record
        assert to_json(from_json(kind, written)) == written
        assert "\n" not in written

    check()


def test_it_puts_the_version_first() -> None:
    written = to_json(Coding("a.txt", None))
    rest = '"report":"a.txt","document":null,"claims":[],"quotations":[],"problems":[],"relevance":null}'
    assert written == f'{{"version":{RECORD_VERSION},{rest}'


def test_it_keeps_text_in_any_script_unescaped() -> None:
    assert "Мінск 🕊" in to_json(Coding("Мінск 🕊", None))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not a Coding: Invalid JSON"),
        ("[]", "not a Coding"),
        ('{"report":"a","document":null}', "no version"),
        ('{"version":99,"report":"a","document":null}', "version 99"),
        ('{"version":1,"report":"a","document":null,"claims":[{}]}', "claims.0.id: Field required"),
        (
            '{"version":1,"report":"a","document":null,"problems":[{"stage":"reading","reason":"r","message":"m",'
            '"report":"a","span":{"start":3,"end":3}}]}',
            "not a span",
        ),
    ],
)
def test_it_says_what_is_wrong_with_a_text_it_cannot_read(text: str, says: str) -> None:
    with pytest.raises(UnreadableRecordError, match=says):
        from_json(Coding, text)


def test_it_refuses_a_field_of_the_wrong_type_instead_of_writing_it() -> None:
    wrong = Problem("reading", "r", "m", "a.txt", span=(1, 2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="span"):
        to_json(wrong)


def test_it_refuses_a_record_that_is_never_written_by_itself() -> None:
    with pytest.raises(TypeError, match="Report"):
        to_json(Report("a.txt", b""))  # type: ignore[arg-type]


def test_the_schema_names_every_field_of_every_record_inside_a_coding() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == {"version", *(f.name for f in fields(Coding))}
    for name, entry in schema["$defs"].items():
        kind = getattr(records, name)
        if is_dataclass(kind):
            assert set(entry["properties"]) == {f.name for f in fields(kind)}, name
        else:
            assert entry["enum"] == [member.value for member in kind], name
    json.dumps(schema)


RECORDED = {"1.0": "a8ae4fc0388a7f05"}
"""Of each version of the schema the hash of its structure: of all but the words that describe it."""


def structure(schema: Any) -> Any:
    """The schema without titles and descriptions, and without its version. A property may itself be called so, and stays."""
    if isinstance(schema, list):
        return [structure(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    words = {"title", "description", "$id", "schema_version"}
    return {
        key: {name: structure(one) for name, one in value.items()} if key in {"properties", "$defs"} else structure(value)
        for key, value in schema.items()
        if key not in words
    }


def test_the_schema_is_the_one_that_is_recorded_for_its_version() -> None:
    schema = json_schema()
    written = json.dumps(structure(schema), sort_keys=True, ensure_ascii=False).encode()
    found = hashlib.sha256(written).hexdigest()[:16]
    assert schema["schema_version"] == SCHEMA_VERSION == schema["$id"].rpartition(":")[2]
    advice = (
        f"the schema of version {SCHEMA_VERSION} has changed, and now has the hash {found}. Raise the second number of "
        "SCHEMA_VERSION (src/dateline/serial.py) if something was only added, or RECORD_VERSION (src/dateline/records.py) if what "
        "was written before can no longer be read or means something else; say so in docs/record.md and CHANGELOG.md, and record "
        "the hash here"
    )
    assert found == RECORDED.get(SCHEMA_VERSION), advice
    assert schema["properties"]["version"]["const"] == int(SCHEMA_VERSION.partition(".")[0])


def test_a_change_of_a_field_changes_the_hash_and_a_change_of_words_does_not() -> None:
    schema = json_schema()
    in_other_words = json.loads(json.dumps(schema).replace('"Version of the written form."', '"In other words."'))
    assert structure(in_other_words) == structure(schema)
    del in_other_words["properties"]["report"]
    assert structure(in_other_words) != structure(schema)


def test_a_later_field_does_not_stop_an_older_reader() -> None:
    coding = Coding("a.txt", None)
    assert from_json(Coding, to_json(coding).replace('"report"', '"later":1,"report"')) == replace(coding)


def test_a_place_written_before_it_kept_what_was_weighed_can_be_read() -> None:
    written = to_json(sample.coding())
    before = written.replace(',"considered":[],"candidates":[]', "")
    assert before != written
    assert from_json(Coding, before) == sample.coding()


def test_importing_it_does_not_load_pydantic() -> None:
    code = "import sys, dateline.serial; print('pydantic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
