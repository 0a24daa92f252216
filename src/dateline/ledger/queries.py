"""The ledger's questions, in SQL. What a user says reaches them as parameters only."""

from __future__ import annotations

import re

_VIEWS = """
-- A document shows one coding: the latest that succeeded, or else the latest. Two processes that coded it at once wrote the same.
-- Rows of a volume say until when they were shown; "late" has the codings of which something that came afterwards says it.
CREATE VIEW late AS
SELECT document_id, shard FROM superseded WHERE until <= {moment}
UNION ALL
SELECT document_id, shard FROM entered_documents SEMI JOIN recoded USING (document_id)
QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY is_failed, known_at DESC, shard DESC) > 1;

CREATE VIEW documents AS
SELECT * EXCLUDE (known_until) FROM entered_documents {without_late}
WHERE known_until IS NULL OR known_until > {moment};

CREATE VIEW current_claims AS
SELECT * EXCLUDE (known_until) FROM entered_claims {without_late}
WHERE known_until IS NULL OR known_until > {moment};

CREATE VIEW claims AS SELECT * EXCLUDE ({sealed_link}) FROM current_claims;

CREATE VIEW quotations AS
SELECT * EXCLUDE (known_until) FROM entered_quotations {without_late}
WHERE known_until IS NULL OR known_until > {moment};

-- Problems of a current coding, and of reports that never became a document and did not become one later.
CREATE VIEW problems AS
SELECT * EXCLUDE (known_until) FROM entered_problems {without_late}
WHERE document_id IS NOT NULL AND (known_until IS NULL OR known_until > {moment})
UNION ALL
SELECT * EXCLUDE (known_until) FROM entered_problems ANTI JOIN documents USING (raw_sha256)
WHERE document_id IS NULL
QUALIFY rank() OVER (PARTITION BY raw_sha256 ORDER BY known_at DESC, shard DESC) = 1;

-- Of what was worked out from codings the latest row of a key holds. Most links stand in the rows of sealed claims.
CREATE VIEW sealed_links AS
SELECT claim_id, event_id, witness, chance, linker, linked_at AS known_at, link_shard AS shard
FROM entered_claims WHERE holds_link AND linked_at <= {moment};

CREATE VIEW relinked AS
SELECT * FROM {overlay} QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY known_at DESC, shard DESC) = 1;

CREATE VIEW links AS
SELECT * FROM sealed_links ANTI JOIN relinked USING (claim_id)
UNION ALL
SELECT * FROM (SELECT * FROM relinked UNION ALL SELECT * FROM sealed_links SEMI JOIN relinked USING (claim_id))
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY known_at DESC, shard DESC) = 1;

CREATE VIEW reprints AS
SELECT * FROM entered_reprints QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY known_at DESC, shard DESC) = 1;

CREATE VIEW sketches AS
SELECT * FROM entered_sketches
QUALIFY row_number() OVER (PARTITION BY document_id, version ORDER BY known_at DESC, shard DESC) = 1;

-- Everything that was ever entered, superseded or not.
CREATE VIEW all_documents AS SELECT * EXCLUDE (known_until) FROM entered_documents;
CREATE VIEW all_claims AS SELECT * EXCLUDE (known_until, {sealed_link}) FROM entered_claims;
CREATE VIEW all_quotations AS SELECT * EXCLUDE (known_until) FROM entered_quotations;
CREATE VIEW all_problems AS SELECT * EXCLUDE (known_until) FROM entered_problems;
CREATE VIEW all_reprints AS SELECT * FROM entered_reprints;
CREATE VIEW all_sketches AS SELECT * FROM entered_sketches;
CREATE VIEW all_links AS
SELECT * FROM entered_links UNION ALL SELECT * FROM sealed_links ANTI JOIN entered_links USING (claim_id, shard);

-- Of an alert the first row holds: it is told once.
CREATE VIEW all_alerts AS SELECT * FROM entered_alerts;
CREATE VIEW alerts AS
SELECT * FROM entered_alerts QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY known_at, shard) = 1;

CREATE VIEW all_visits AS SELECT * FROM entered_visits;
CREATE VIEW visits AS
SELECT * FROM entered_visits QUALIFY row_number() OVER (PARTITION BY visit_id ORDER BY known_at, shard) = 1;

-- Which event a current claim belongs to: as people judged it ("judged", handed in), as it was linked, or as its document tells it.
CREATE VIEW members AS
SELECT
    document_id, position, claim_id, known_at, published, type, status, first_day, last_day, place_country,
    coalesce(judged_event, CASE WHEN is_relinked THEN later.event_id WHEN is_sealed THEN sealed.event_id END, same_as, claim_id)
        AS event_id,
    coalesce(CASE WHEN is_relinked THEN later.witness WHEN is_sealed THEN sealed.witness END, same_as, claim_id) AS witness,
    CASE WHEN is_relinked THEN later.chance WHEN is_sealed THEN sealed.chance END AS chance,
    -- Of several tellings the one that says where and when stands for the event, and of those the one known first.
    row(place_name IS NULL, first_day IS NULL, known_at, document_id, position) AS rank
FROM (
    SELECT
        claims.document_id, claims.position, claims.claim_id, claims.known_at, claims.published, claims.same_as, claims.type,
        claims.status, claims.first_day, claims.last_day, claims.place_country, claims.place_name,
        judged.event_id AS judged_event,
        struct_pack(event_id := claims.event_id, witness := claims.witness, chance := claims.chance) AS sealed,
        struct_pack(event_id := relinked.event_id, witness := relinked.witness, chance := relinked.chance) AS later,
        coalesce(claims.linked_at <= {moment}, false) AS is_sealed,
        relinked.claim_id IS NOT NULL
            AND (NOT is_sealed OR (relinked.known_at, relinked.shard) >= (claims.linked_at, claims.link_shard)) AS is_relinked
    FROM current_claims AS claims LEFT JOIN relinked USING (claim_id) LEFT JOIN judged USING (claim_id)
);

-- A happening: the ids of all its claims, the first known first, how many documents and witnesses, the telling that says most.
CREATE VIEW events AS
SELECT grouped.* EXCLUDE (telling), told.* EXCLUDE (same_as, record)
FROM (
    SELECT
        event_id,
        list(claim_id ORDER BY known_at, published NULLS LAST, document_id, position) AS claims,
        count(*) AS claim_count,
        count(DISTINCT document_id) AS document_count,
        count(DISTINCT witness) AS witness_count,
        min(known_at) AS known_since,
        arg_min(row(document_id, position), rank) AS telling
    FROM members GROUP BY event_id
) AS grouped
JOIN claims AS told ON told.document_id = grouped.telling[1] AND told.position = grouped.telling[2];
"""

VIEWS: dict[str, str] = dict(re.findall(r"CREATE VIEW (\w+) AS\s(.*?);\n", _VIEWS, re.DOTALL))
"""Each view's query by its name, over what was entered: the relations "entered_…", "superseded", the documents that were "recoded"
since they were sealed, and the claims that people "judged" to belong elsewhere."""

MACROS = """
-- Case and accents aside, so that "Lukasenka" finds "Łukašenka".
CREATE MACRO plain(words) AS replace(lower(strip_accents(words)), 'ł', 'l');
CREATE MACRO has(words, sought) AS contains(plain(coalesce(words, '')), plain(sought));
"""

OVERLAY = """(
    SELECT * FROM entered_links
    UNION ALL BY NAME SELECT * FROM sealed_links
    WHERE claim_id IN (SELECT claim_id FROM entered_claims SEMI JOIN recoded USING (document_id))
)"""
"""Links that are looked for by claim: those that no sealed claim carries, and those of documents that were coded since."""

_FITS = """
($type::VARCHAR IS NULL OR type = upper($type))
  AND ($mode::VARCHAR IS NULL OR mode = lower($mode))
  AND ($status::VARCHAR IS NULL OR status = lower($status))
  AND ($country::VARCHAR IS NULL OR place_country = upper($country))
  AND ($place::VARCHAR IS NULL OR has(place_name, $place) OR has(place_admin1, $place) OR has(place_within, $place))
  AND ($actor::VARCHAR IS NULL OR len(list_filter(actor_names || recipient_names, lambda name: has(name, $actor))) > 0
    OR list_has_any(actor_names || recipient_names, coalesce($names::VARCHAR[], [])))
  -- These three have no column of their own: the written form of the record is searched, so that ledgers of any age can be asked.
  AND ($issue::VARCHAR IS NULL OR contains(record, '"issue":"' || lower($issue) || '"'))
  AND ($demand::VARCHAR IS NULL OR contains(record, '"demand":"' || lower($demand) || '"'))
  AND ($response::VARCHAR IS NULL OR contains(record, '"response":{"intensity":"' || lower($response) || '"'))
  AND ($min_confidence::DOUBLE IS NULL OR confidence >= $min_confidence)
  AND ($text::VARCHAR IS NULL OR has(evidence, $text) OR has(title, $text))
  -- One side may be open; a claim with neither has no day to compare.
  AND (($since::DATE IS NULL AND $until::DATE IS NULL) OR first_day IS NOT NULL OR last_day IS NOT NULL)
  AND ($since::DATE IS NULL OR coalesce(last_day >= $since, true))
  AND ($until::DATE IS NULL OR coalesce(first_day <= $until, true))
"""


def _found(columns: str) -> str:
    return f"""
    SELECT {columns} FROM claims
    WHERE {_FITS}
    ORDER BY first_day NULLS LAST, last_day NULLS LAST, document_id, position
    LIMIT $limit::BIGINT
    """


FIND = _found("*")

FIND_KEYS = _found("claim_id, document_id, position, shard")
"""What the same claims are told apart by: few rows that lie far apart are read one by one, and no column of others with them."""

FITTING = f"SELECT DISTINCT claim_id FROM claims WHERE {_FITS} LIMIT $many::BIGINT"

NEAR = """
SELECT claim_id FROM claims
WHERE type = $type
  AND ($country::VARCHAR IS NULL OR place_country IS NULL OR place_country = $country)
  AND (first_day IS NOT NULL OR last_day IS NOT NULL)
  AND coalesce(last_day, first_day) >= $since::DATE
  AND coalesce(first_day, last_day) <= $until::DATE
ORDER BY abs(date_diff('day', coalesce(first_day, last_day), $middle::DATE)), claim_id
LIMIT $many::BIGINT
"""

FIND_EVENTS = f"""
SELECT
    event_id, type, mode, status, first_day, last_day, place_name, place_admin1, place_country, actor_names, recipient_names,
    evidence, title, claims, document_count, witness_count, known_since
FROM events
WHERE event_id IN (
    SELECT event_id FROM members SEMI JOIN (SELECT document_id, position FROM claims WHERE {_FITS}) USING (document_id, position)
)
ORDER BY first_day NULLS LAST, last_day NULLS LAST, event_id
LIMIT $limit::BIGINT
"""

# Events one claim of which has all these words somewhere in what it says.
EVENTS_WITH_WORDS = """
SELECT DISTINCT event_id FROM members SEMI JOIN (
    SELECT document_id, position FROM (
        SELECT document_id, position, plain(concat_ws(chr(31), evidence, title, publisher, type, mode, status, place_name,
            place_admin1, place_within, place_country, array_to_string(actor_names, chr(31)),
            array_to_string(recipient_names, chr(31)), array_to_string(attribution, chr(31)))) AS said
        FROM claims
    ) WHERE len(list_filter($words::VARCHAR[], lambda word: NOT contains(said, plain(word)))) = 0
) USING (document_id, position)
ORDER BY event_id
"""

# Whole events: every claim of them with its witness, event by event, the one known first first.
TELLINGS = """
SELECT
    members.event_id, document_id, members.witness, claims.record, claims.trigger, claims.evidence, claims.publisher,
    claims.published, claims.known_at
FROM members JOIN claims USING (document_id, position)
{which}
ORDER BY members.event_id, claims.known_at, claims.published NULLS LAST, document_id, position
"""

OF_EVENTS = "WHERE members.event_id IN (SELECT unnest($events::VARCHAR[]))"
OF_EVENTS_BETWEEN = "WHERE members.event_id BETWEEN $first AND $last"

# The same in columns and without the records, in the order of telling: the days as numbers from 1970 on.
CLAIMS_TOLD = """
SELECT
    members.event_id, claims.claim_id, members.witness, claims.document_id,
    (coalesce(claims.published, claims.known_at::DATE) - DATE '1970-01-01')::INTEGER AS told,
    (claims.known_at::DATE - DATE '1970-01-01')::INTEGER AS known,
    claims.type, claims.mode, claims.status, (claims.first_day - DATE '1970-01-01')::INTEGER AS first_day,
    (claims.last_day - DATE '1970-01-01')::INTEGER AS last_day, date_precision, place_name, place_kind, claims.place_country,
    place_admin1, place_within, place_geonames, latitude, longitude, actor_names, actor_countries, actor_sectors,
    recipient_names, recipient_countries, recipient_sectors, counts,
    len(counts) > 0 AND contains(record, '"tallied":"running total"') AS is_running, attribution, trigger, confidence
FROM members JOIN claims USING (document_id, position)
{which}
ORDER BY members.event_id, told, claims.known_at, claims.claim_id
"""

# Of each event how many claims tell of it, and a number that changes with these, their codings and their witnesses. Hashed twice:
# in a hash of several values the last one stands by itself, and would cancel out of two claims that became known at once.
EVENT_PRINTS = """
SELECT event_id, bit_xor(hash(hash(claim_id, witness, document_id, epoch_us(known_at)))) AS print, count(*) AS claims FROM members
{which}
GROUP BY event_id
"""

EVENTS_TOLD_BY = """
SELECT event_id, claim_id, document_id FROM members
WHERE claim_id IN (SELECT unnest($claims::VARCHAR[])) OR document_id IN (SELECT unnest($documents::VARCHAR[]))
"""

COVERAGE = """
SELECT published, count(*) AS documents FROM documents WHERE published IS NULL OR published <= $on
GROUP BY published ORDER BY published NULLS LAST
"""

# Documents whose editors say something of them.
NOTED_DOCUMENTS = """SELECT * FROM documents WHERE contains(record, '"notes":[{') ORDER BY document_id"""

# Of a few documents which text each prints, and which others print it. The latest row of a document holds, and it may have left the
# text since. What is looked for is written into the query: only so does the database skip what has none of it.
GROUPS = """
SELECT document_id, "group" AS text_group FROM entered_reprints WHERE document_id IN ({documents})
QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY known_at DESC, shard DESC) = 1
"""
GROUPED = """SELECT DISTINCT document_id FROM entered_reprints WHERE "group" IN ({groups})"""
ADDRESSES = "SELECT DISTINCT address FROM documents WHERE document_id IN ({documents}) AND address IS NOT NULL"
ADDRESSED = "SELECT document_id FROM documents WHERE address IN ({addresses})"
DOCUMENTS_AT = "SELECT * FROM documents WHERE address IN ({addresses}) ORDER BY known_at, document_id"
VISITS_OF = "SELECT * FROM visits WHERE address IN ({addresses}) OR final IN ({addresses}) ORDER BY fetched_at, visit_id"
KIN = """
SELECT
    document_id, published, agencies, address,
    CASE WHEN is_noted THEN record END AS record, CASE WHEN is_noted THEN text END AS text
FROM (SELECT *, contains(record, '"notes":[{{') AS is_noted FROM documents WHERE document_id IN ({documents}))
ORDER BY document_id
"""

# Everything that is known after one moment (None: since ever), for what is worked out from claims and documents.
CLAIM_COLUMNS = """
SELECT {columns} FROM claims WHERE ($since::TIMESTAMPTZ IS NULL OR known_at > $since) ORDER BY known_at, document_id, position
"""

DOCUMENT_COLUMNS = """
SELECT {columns} FROM documents WHERE ($since::TIMESTAMPTZ IS NULL OR known_at > $since) ORDER BY known_at, document_id
"""

EVIDENCE_OF_CLAIMS = """
SELECT claim_id, any_value(evidence) AS evidence, any_value(title) AS title FROM claims
WHERE claim_id IN (SELECT unnest($claims::VARCHAR[])) GROUP BY claim_id
"""

RECORDS_OF_CLAIMS = "SELECT document_id, record FROM claims WHERE list_contains($claims, claim_id)"
DOCUMENTS_OF_CLAIMS = """
SELECT document_id, text, record FROM documents
WHERE document_id IN (SELECT document_id FROM claims WHERE list_contains($claims, claim_id))
"""

DOCUMENTS = "SELECT * FROM documents ORDER BY published NULLS LAST, document_id"

COUNTS = """
SELECT
    (SELECT count(*) FROM documents) AS documents,
    (SELECT count(DISTINCT raw_sha256) FROM problems WHERE is_fatal) AS failed,
    (SELECT count(*) FROM claims) AS claims,
    (SELECT count(*) FROM events) AS events,
    (SELECT count(*) FROM quotations) AS quotations,
    (SELECT count(*) FROM problems) AS problems,
    (SELECT min(first_day) FROM claims) AS first_day,
    (SELECT max(last_day) FROM claims) AS last_day,
    (SELECT max(known_at) FROM (
        SELECT known_at FROM all_documents UNION ALL SELECT known_at FROM all_problems UNION ALL SELECT known_at FROM all_links
        UNION ALL SELECT known_at FROM all_reprints UNION ALL SELECT known_at FROM all_sketches
    )) AS last_added
"""

TYPES = "SELECT type AS value, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC, value"

STATUSES = "SELECT status AS value, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC, value"

CODERS = "SELECT DISTINCT program, model, knowledge FROM documents ORDER BY ALL"

# Who is named how often, as what, and when. Tellers stand in the ledger by name alone.
ACTOR_NAMES = """
WITH parties AS MATERIALIZED (
    SELECT first_day, actor_names, actor_countries, actor_sectors, recipient_names, recipient_countries, recipient_sectors,
        attribution
    FROM claims
)
SELECT name, country, sector,
    count(*) FILTER (WHERE party = 'actor') AS as_actor,
    count(*) FILTER (WHERE party = 'recipient') AS as_recipient,
    count(*) FILTER (WHERE party = 'teller') AS as_teller,
    min(first_day) AS first_day,
    max(first_day) AS last_day
FROM (
    SELECT unnest(actor_names) AS name, unnest(actor_countries) AS country, unnest(actor_sectors) AS sector, 'actor' AS party,
        first_day FROM parties
    UNION ALL
    SELECT unnest(recipient_names), unnest(recipient_countries), unnest(recipient_sectors), 'recipient', first_day FROM parties
    UNION ALL
    SELECT unnest(list_distinct(attribution)), NULL, NULL, 'teller', first_day FROM parties
)
GROUP BY ALL ORDER BY name, country NULLS FIRST, sector NULLS FIRST
"""

# Whether a claim has one of the names (with its country, in the same place of the two lists) as a party. The cheap test first.
_PARTY = """(list_has_any({party}_names, $names) AND list_has_any(
    list_transform(list_zip({party}_names, {party}_countries), lambda pair: pair[1] || chr(31) || coalesce(pair[2], '')), $keys))"""

ACTOR_CLAIMS = f"""
SELECT *, {_PARTY.format(party="actor")} AS is_actor, {_PARTY.format(party="recipient")} AS is_recipient,
    list_has_any(attribution, $names) AS is_teller
FROM claims
WHERE list_has_any(actor_names, $names) OR list_has_any(recipient_names, $names) OR list_has_any(attribution, $names)
"""

# Both of what ACTOR_CLAIMS gave, kept under the name "told" so that the segments are read once.
ACTOR_COUNTS = """
SELECT party, type, year, count(*) AS claims FROM (
    SELECT 'actor' AS party, type, year(first_day) AS year FROM told WHERE is_actor
    UNION ALL SELECT 'recipient', type, year(first_day) FROM told WHERE is_recipient
    UNION ALL SELECT 'teller', type, year(first_day) FROM told WHERE is_teller
)
GROUP BY ALL ORDER BY party, type, year NULLS LAST
"""

ACTOR_LATEST = """
SELECT * EXCLUDE (is_actor, is_recipient, is_teller) FROM told WHERE is_actor OR is_recipient OR is_teller
ORDER BY first_day DESC NULLS LAST, last_day DESC NULLS LAST, document_id, position
LIMIT $limit::BIGINT
"""
