"""Imported by the server that the processes of `bench crash` are forked from: what is slow to make is made once, before them.

No thread may be started here, or the processes would inherit its locks and not the thread.
"""

from __future__ import annotations

import duckdb  # noqa: F401
import pyarrow.parquet  # noqa: F401

from bench.crash import report_of
from dateline.records import Claim, Document
from dateline.serial import from_json, to_json

_, coding = report_of(0)
assert coding.document is not None
from_json(Document, to_json(coding.document))
from_json(Claim, to_json(coding.claims[0]))
