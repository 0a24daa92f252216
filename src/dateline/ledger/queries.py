"""The ledger's questions, in SQL. What a user says reaches them as parameters only."""

from __future__ import annotations

VIEWS = """
-- A document shows one coding: the latest that succeeded, or else the latest. Two processes that coded it at once wrote the same.
CREATE VIEW documents AS
SELECT * FROM all_documents
QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY is_failed, known_at DESC, shard DESC) = 1;

CREATE VIEW claims AS SELECT * FROM all_claims SEMI JOIN documents USING (document_id, shard);

CREATE VIEW quotations AS SELECT * FROM all_quotations SEMI JOIN documents USING (document_id, shard);

-- Problems of a current coding, and of reports that never became a document and did not become one later.
CREATE VIEW problems AS
SELECT * FROM all_problems SEMI JOIN documents USING (document_id, shard)
UNION ALL
SELECT * FROM all_problems ANTI JOIN documents USING (raw_sha256)
WHERE document_id IS NULL
QUALIFY rank() OVER (PARTITION BY raw_sha256 ORDER BY known_at DESC, shard DESC) = 1;

-- A happening as one document tells it: its first telling, with the ids of all of them.
CREATE VIEW events AS
SELECT tellings.claims, first_telling.* EXCLUDE (same_as, record)
FROM claims AS first_telling
JOIN (
    SELECT document_id, coalesce(same_as, claim_id) AS claim_id, list(claim_id ORDER BY position) AS claims
    FROM claims GROUP BY ALL
) AS tellings USING (document_id, claim_id);

-- Case and accents aside, so that "Lukasenka" finds "Łukašenka".
CREATE MACRO plain(words) AS replace(lower(strip_accents(words)), 'ł', 'l');
CREATE MACRO has(words, sought) AS contains(plain(coalesce(words, '')), plain(sought));
"""

FIND = """
SELECT * FROM claims
WHERE ($type::VARCHAR IS NULL OR type = upper($type))
  AND ($mode::VARCHAR IS NULL OR mode = lower($mode))
  AND ($status::VARCHAR IS NULL OR status = lower($status))
  AND ($country::VARCHAR IS NULL OR place_country = upper($country))
  AND ($place::VARCHAR IS NULL OR has(place_name, $place) OR has(place_admin1, $place) OR has(place_within, $place))
  AND ($actor::VARCHAR IS NULL OR len(list_filter(actor_names || recipient_names, lambda name: has(name, $actor))) > 0)
  AND ($text::VARCHAR IS NULL OR has(evidence, $text) OR has(title, $text))
  -- One side may be open; a claim with neither has no day to compare.
  AND (($since::DATE IS NULL AND $until::DATE IS NULL) OR first_day IS NOT NULL OR last_day IS NOT NULL)
  AND ($since::DATE IS NULL OR coalesce(last_day >= $since, true))
  AND ($until::DATE IS NULL OR coalesce(first_day <= $until, true))
ORDER BY first_day NULLS LAST, last_day NULLS LAST, document_id, position
LIMIT $limit::BIGINT
"""

CLAIM_BY_ID = "SELECT * FROM claims WHERE starts_with(claim_id, $id) ORDER BY claim_id, document_id, position LIMIT 6"

DOCUMENTS = "SELECT * FROM documents ORDER BY published NULLS LAST, document_id"

DOCUMENT_BY_ID = "SELECT * FROM documents WHERE document_id = $id"

CLAIM_RECORDS = "SELECT record FROM claims WHERE document_id = $id ORDER BY position"
QUOTATION_RECORDS = "SELECT record FROM quotations WHERE document_id = $id ORDER BY position"
PROBLEM_RECORDS = "SELECT record FROM problems WHERE document_id = $id ORDER BY position"

COUNTS = """
SELECT
    (SELECT count(*) FROM documents) AS documents,
    (SELECT count(DISTINCT raw_sha256) FROM problems WHERE is_fatal) AS failed,
    (SELECT count(*) FROM claims) AS claims,
    (SELECT count(*) FROM events) AS events,
    (SELECT count(*) FROM quotations) AS quotations,
    (SELECT count(*) FROM problems) AS problems,
    (SELECT min(first_day) FROM claims) AS first_day,
    (SELECT max(last_day) FROM claims) AS last_day
"""

TYPES = "SELECT type AS value, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC, value"

STATUSES = "SELECT status AS value, count(*) AS n FROM claims GROUP BY ALL ORDER BY n DESC, value"

CODERS = "SELECT DISTINCT program, model, knowledge FROM documents ORDER BY ALL"
