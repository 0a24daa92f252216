-- What people ask. Laid over the tables anew whenever these words, or the columns of a table, have changed.

CREATE OR REPLACE VIEW @schema@.documents AS SELECT * FROM @schema@.all_documents WHERE shown_until = 'infinity';
CREATE OR REPLACE VIEW @schema@.claims AS SELECT * FROM @schema@.all_claims WHERE shown_until = 'infinity';
CREATE OR REPLACE VIEW @schema@.quotations AS SELECT * FROM @schema@.all_quotations WHERE shown_until = 'infinity';
CREATE OR REPLACE VIEW @schema@.links AS SELECT * FROM @schema@.all_links WHERE held_until = 'infinity';
CREATE OR REPLACE VIEW @schema@.reprints AS SELECT * FROM @schema@.all_reprints WHERE held_until = 'infinity';
CREATE OR REPLACE VIEW @schema@.alerts AS
SELECT DISTINCT ON (alert_id) * FROM @schema@.all_alerts ORDER BY alert_id, known_at, shard;
CREATE OR REPLACE VIEW @schema@.visits AS
SELECT DISTINCT ON (visit_id) * FROM @schema@.all_visits ORDER BY visit_id, known_at, shard;

CREATE OR REPLACE FUNCTION @schema@.visits_as_of(moment timestamptz) RETURNS SETOF @schema@.all_visits
LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (visit_id) * FROM @schema@.all_visits WHERE known_at <= moment ORDER BY visit_id, known_at, shard
$$;
CREATE OR REPLACE FUNCTION @schema@.documents_as_of(moment timestamptz) RETURNS SETOF @schema@.all_documents
LANGUAGE sql STABLE AS $$ SELECT * FROM @schema@.all_documents WHERE known_at <= moment AND shown_until > moment $$;
CREATE OR REPLACE FUNCTION @schema@.claims_as_of(moment timestamptz) RETURNS SETOF @schema@.all_claims
LANGUAGE sql STABLE AS $$ SELECT * FROM @schema@.all_claims WHERE known_at <= moment AND shown_until > moment $$;
CREATE OR REPLACE FUNCTION @schema@.quotations_as_of(moment timestamptz) RETURNS SETOF @schema@.all_quotations
LANGUAGE sql STABLE AS $$ SELECT * FROM @schema@.all_quotations WHERE known_at <= moment AND shown_until > moment $$;
CREATE OR REPLACE FUNCTION @schema@.links_as_of(moment timestamptz) RETURNS SETOF @schema@.all_links
LANGUAGE sql STABLE AS $$ SELECT * FROM @schema@.all_links WHERE known_at <= moment AND held_until > moment $$;
CREATE OR REPLACE FUNCTION @schema@.reprints_as_of(moment timestamptz) RETURNS SETOF @schema@.all_reprints
LANGUAGE sql STABLE AS $$ SELECT * FROM @schema@.all_reprints WHERE known_at <= moment AND held_until > moment $$;
CREATE OR REPLACE FUNCTION @schema@.alerts_as_of(moment timestamptz) RETURNS SETOF @schema@.all_alerts
LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (alert_id) * FROM @schema@.all_alerts WHERE known_at <= moment ORDER BY alert_id, known_at, shard
$$;

-- Problems of the coding that is shown, and of reports that never became a document by then.
CREATE OR REPLACE FUNCTION @schema@.problems_as_of(moment timestamptz) RETURNS SETOF @schema@.all_problems
LANGUAGE sql STABLE AS $$
SELECT * FROM @schema@.all_problems WHERE document_id IS NOT NULL AND known_at <= moment AND shown_until > moment
UNION ALL
SELECT problem.* FROM @schema@.all_problems AS problem
WHERE problem.document_id IS NULL AND problem.known_at <= moment
  AND NOT EXISTS (
    SELECT 1 FROM @schema@.all_documents AS read
    WHERE read.raw_sha256 = problem.raw_sha256 AND read.known_at <= moment AND read.shown_until > moment
  )
  AND NOT EXISTS (
    SELECT 1 FROM @schema@.all_problems AS later
    WHERE later.document_id IS NULL AND later.raw_sha256 = problem.raw_sha256 AND later.known_at <= moment
      AND (later.known_at, later.shard) > (problem.known_at, problem.shard)
  )
$$;
CREATE OR REPLACE VIEW @schema@.problems AS SELECT * FROM @schema@.problems_as_of('9999-12-31 00:00:00+00'::timestamptz);

-- A moment before the history of events begins is refused: an answer would be wrong.
CREATE OR REPLACE FUNCTION @schema@.history_reaches(moment timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    beginning timestamptz;
BEGIN
    SELECT history_from INTO beginning FROM @schema@.publication;
    IF beginning IS NOT NULL AND moment < beginning THEN
        RAISE EXCEPTION 'events are known here as of % and later only', beginning
        USING HINT = 'dateline publish --history works out what was known before. claims_as_of and the like know every moment.';
    END IF;
    RETURN true;
END $$;

CREATE OR REPLACE VIEW @schema@.events AS SELECT * FROM @schema@.event_versions WHERE known_until = 'infinity';
CREATE OR REPLACE FUNCTION @schema@.events_as_of(moment timestamptz) RETURNS SETOF @schema@.event_versions
LANGUAGE sql STABLE AS $$
SELECT * FROM @schema@.event_versions
WHERE known_from <= moment AND known_until > moment AND @schema@.history_reaches(moment)
$$;

CREATE OR REPLACE VIEW @schema@.members AS
SELECT event_id, claim_id, place::integer FROM @schema@.events, unnest(claim_ids) WITH ORDINALITY AS of(claim_id, place);
CREATE OR REPLACE FUNCTION @schema@.members_as_of(moment timestamptz)
RETURNS TABLE (event_id text, claim_id text, place integer) LANGUAGE sql STABLE AS $$
SELECT event_id, of.claim_id, of.place::integer
FROM @schema@.events_as_of(moment), unnest(claim_ids) WITH ORDINALITY AS of(claim_id, place)
$$;

CREATE OR REPLACE VIEW @schema@.event_figures AS
SELECT event_id, what, low, high, differs, is_running, is_part
FROM @schema@.events, jsonb_to_recordset(figures)
    AS of(what text, low double precision, high double precision, differs boolean, is_running boolean, is_part boolean);
CREATE OR REPLACE FUNCTION @schema@.event_figures_as_of(moment timestamptz)
RETURNS TABLE (
    event_id text, what text, low double precision, high double precision, differs boolean, is_running boolean, is_part boolean
) LANGUAGE sql STABLE AS $$
SELECT event_id, of.what, of.low, of.high, of.differs, of.is_running, of.is_part
FROM @schema@.events_as_of(moment), jsonb_to_recordset(figures)
    AS of(what text, low double precision, high double precision, differs boolean, is_running boolean, is_part boolean)
$$;

CREATE OR REPLACE VIEW @schema@.claim_counts AS
SELECT document_id, shard, position, claim_id, what, low, high, exactness, unit, text, is_part
FROM @schema@.claims, jsonb_to_recordset(counts)
    AS of(what text, low double precision, high double precision, exactness text, unit text, text text, is_part boolean);

COMMENT ON VIEW @schema@.documents IS 'Reports in the coding that counts now.';
COMMENT ON VIEW @schema@.claims IS 'What reports say happened, in the codings that count now.';
COMMENT ON VIEW @schema@.quotations IS 'Who is quoted with what, in the codings that count now.';
COMMENT ON VIEW @schema@.problems IS 'What could not be read or resolved, and still cannot.';
COMMENT ON VIEW @schema@.links IS 'Where the linker put each claim; members has what people judged besides.';
COMMENT ON VIEW @schema@.reprints IS 'Which documents print one text.';
COMMENT ON VIEW @schema@.alerts IS 'What watch rules said, each alert once.';
COMMENT ON VIEW @schema@.visits IS 'What was fetched from where, and what came of it.';
COMMENT ON VIEW @schema@.events IS 'What happened by all reports together, as known now.';
COMMENT ON VIEW @schema@.members IS 'Which claims tell of which event: as linked, and as people judged.';
COMMENT ON VIEW @schema@.event_figures IS 'How many, a row each figure of each event; bounds inclusive, high null is open.';
COMMENT ON VIEW @schema@.claim_counts IS 'How many, a row each count of each claim, with its words.';
COMMENT ON FUNCTION @schema@.events_as_of(timestamptz) IS 'The events as they were known at that moment, as dateline events --as-of shows them.';
COMMENT ON FUNCTION @schema@.claims_as_of(timestamptz) IS 'The claims as they were known at that moment.';
COMMENT ON FUNCTION @schema@.documents_as_of(timestamptz) IS 'The documents as they were known at that moment.';
