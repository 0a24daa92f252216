"""The schema that a ledger is published to: made, brought up step by step, refused when it is another's or a later dateline's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dateline.publishing.errors import BusyError, NewerSchemaError, PublishError

if TYPE_CHECKING:
    from psycopg import Connection

READER = "dateline_reader"
"""The role that may read every published schema and change none."""

COARSE = ("country", "region")
"""Kinds of place that have no point: it would put their events into one field."""


@dataclass(frozen=True)
class Migration:
    """A step: forward only, and never changed once it was published."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """All steps, in order. Knowledge: publishing/migrations/."""
    folder = files("dateline.publishing") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(Migration(int(name[:4]), name[5:-4], (folder / name).read_text(encoding="utf-8")) for name in names)


@dataclass
class Schema:
    """A schema of a database, seen through an open transaction."""

    connection: Connection[Any]
    name: str
    steps: tuple[Migration, ...]

    @property
    def quoted(self) -> str:
        return '"' + self.name.replace('"', '""') + '"'

    def run(self, query: str, parameters: Sequence[Any] | None = None) -> Any:
        """The cursor of one of our own queries, in which @schema@ stands for the schema."""
        return self.connection.execute(query.replace("@schema@", self.quoted), parameters)

    def value(self, query: str, parameters: Sequence[Any] | None = None) -> Any:
        """The first column of the first row; no row: None."""
        row = self.run(query, parameters).fetchone()
        return row[0] if row else None

    # ------------------------------------------------------------ what there is

    def lock(self) -> None:
        """Keeps others from publishing to it until the transaction ends. Raises BusyError when somebody is at it."""
        if not self.value("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"dateline publish {self.name}"]):
            raise BusyError(f"another `dateline publish` is at work on the schema {self.name}. Run again when it has finished")

    def version(self) -> int:
        """Up to which step it was brought; there is no schema yet: 0.

        Raises PublishError when other things than ours are in it, NewerSchemaError when a later dateline made it.
        """
        if not self.value("SELECT 1 FROM pg_namespace WHERE nspname = %s", [self.name]):
            return 0
        if not self.value("SELECT to_regclass(%s)", [f"{self.quoted}.schema_versions"]):
            if self.value(
                "SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s LIMIT 1", [self.name]
            ):
                raise PublishError(
                    f"the schema {self.name} holds other things and no ledger. Name another with --schema, or an empty one"
                )
            return 0
        applied = dict(self.run("SELECT version, sha256 FROM @schema@.schema_versions").fetchall())
        known = {step.version: step.sha256 for step in self.steps}
        if (newest := max(applied, default=0)) > max(known):
            raise NewerSchemaError(
                f"the schema {self.name} is of version {newest}; this dateline knows up to {max(known)}. Upgrade dateline"
            )
        if changed := [version for version, digest in applied.items() if known[version] != digest]:
            raise PublishError(
                f"the schema {self.name} was made by a dateline whose step {changed[0]} was another. Name a new one with --schema"
            )
        return newest

    # ------------------------------------------------------------ bringing it up

    def bring_up(self) -> list[str]:
        """Makes what is lacking; says what it did, in sentences. Up to date: an empty list."""
        version, said = self.version(), []
        if not version:
            self.run("CREATE SCHEMA IF NOT EXISTS @schema@")
        for step in (step for step in self.steps if step.version > version):
            self.run(step.sql)
            row = [step.version, step.name, step.sha256]
            self.run("INSERT INTO @schema@.schema_versions (version, name, sha256) VALUES (%s, %s, %s)", row)
            said.append(f"schema {self.name}: step {step.version}, {step.name}")
        if self.steps == migrations():
            said += self._points()
            self._lay_views(is_wanted=bool(said))
            said += self._let_read(is_new=bool(said))
        return said

    def index(self) -> list[str]:
        """Makes the indexes that are lacking, once the tables are filled; says which are only there if an extension is."""
        indexes = (files("dateline.publishing") / "indexes.sql").read_text(encoding="utf-8")
        self.run(indexes)
        if self._has_column("event_versions", "point"):
            for table in ("all_claims", "event_versions"):
                self.run(f"CREATE INDEX IF NOT EXISTS {table}_point ON @schema@.{table} USING gist (point)")
        return self._words()

    def _lay_views(self, *, is_wanted: bool) -> None:
        views = (files("dateline.publishing") / "views.sql").read_text(encoding="utf-8")
        digest = hashlib.sha256(views.encode()).hexdigest()
        kept = self.value("SELECT obj_description(%s::regnamespace, 'pg_namespace')", [self.quoted]) or ""
        if is_wanted or digest not in kept:
            self.run(views)
            words = f"A Dateline ledger, published (docs/postgresql.md). Views of {digest}"
            self.run(f"COMMENT ON SCHEMA @schema@ IS '{words}'")

    def _extension(self, name: str) -> str | None:
        """The schema an extension is in, installed if that is allowed and easy; else None."""
        where = "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = %s"
        found: str | None = self.value(where, [name])
        return found

    def _points(self) -> list[str]:
        """Points for maps, where PostGIS is there."""
        schema = self._extension("postgis")
        if schema is None or self._has_column("event_versions", "point"):
            return []
        where = '"' + schema.replace('"', '""') + '"'
        coarse = ", ".join(f"'{kind}'" for kind in COARSE)
        for table in ("all_claims", "event_versions"):
            point = f"{where}.ST_SetSRID({where}.ST_MakePoint(longitude, latitude), 4326)"
            self.run(
                f"ALTER TABLE @schema@.{table} ADD COLUMN point {where}.geometry(Point, 4326) "
                f"GENERATED ALWAYS AS (CASE WHEN place_kind NOT IN ({coarse}) THEN {point} END) STORED"
            )
            words = "The place as a point, longitude and latitude (WGS 84); a country or a region has none."
            self.run(f"COMMENT ON COLUMN @schema@.{table}.point IS '{words}'")
        return ["PostGIS is there: claims and events have a point"]

    def _words(self) -> list[str]:
        """An index by which parts of words are found, where trigrams are there or may be had."""
        if self._has_index("all_claims_evidence_trigrams"):
            return []
        if self._extension("pg_trgm") is None and not self._tried("CREATE EXTENSION pg_trgm"):
            return []
        schema = self._extension("pg_trgm")
        for table, column in (("all_claims", "evidence"), ("all_documents", "title")):
            name = f"{table}_{column}_trigrams"
            self.run(f'CREATE INDEX {name} ON @schema@.{table} USING gin ({column} "{schema}".gin_trgm_ops)')
        return ["trigrams are there: words of evidence and titles are found by their parts"]

    def _let_read(self, *, is_new: bool) -> list[str]:
        """Lets the reading role read; where there is none and it may not be made, says so."""
        said = []
        if not self.value("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]):
            if not self._tried(f"CREATE ROLE {READER} NOLOGIN"):
                return [f"no role {READER}, and this user may not make one: grant reading yourself"] if is_new else []
            said.append(f"role {READER} made: GRANT {READER} TO somebody lets them read")
        elif not is_new and self.value("SELECT has_schema_privilege(%s, %s, 'USAGE')", [READER, self.name]):
            return said
        self.run(f"GRANT USAGE ON SCHEMA @schema@ TO {READER}")
        self.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA @schema@ TO {READER}")
        self.run(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA @schema@ TO {READER}")
        return said

    def _tried(self, command: str) -> bool:
        """Whether it was allowed; if not, the transaction goes on as if it had not been tried."""
        from psycopg import Error

        try:
            with self.connection.transaction():
                self.run(command)
        except Error:
            return False
        return True

    def _has_column(self, table: str, column: str) -> bool:
        query = "SELECT 1 FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND column_name = %s"
        return bool(self.value(query, [self.name, table, column]))

    def _has_index(self, name: str) -> bool:
        return bool(self.value("SELECT 1 FROM pg_indexes WHERE schemaname = %s AND indexname = %s", [self.name, name]))


NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def checked_name(name: str) -> str:
    """The name of a schema, as people can type it. Raises PublishError for one that must be quoted, or is PostgreSQL's."""
    if not NAME.fullmatch(name) or name.startswith("pg_") or name in ("public", "information_schema"):
        raise PublishError(
            f"{name!r} cannot be the name of a schema here: letters a to z, digits and _, and none of PostgreSQL's own"
        )
    return name
