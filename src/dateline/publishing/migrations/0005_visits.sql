-- What was fetched from where, and what came of it.

CREATE TABLE @schema@.all_visits (
    visit_id text NOT NULL,
    address text NOT NULL,
    final text NOT NULL,
    fetched_at timestamptz NOT NULL,
    status integer NOT NULL,
    outcome text NOT NULL,
    headers jsonb NOT NULL,
    raw_sha256 text,
    document_id text,
    replaces text,
    source text,
    tags text[] NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL
);
COMMENT ON TABLE @schema@.all_visits IS 'Addresses that were fetched, and what came of each visit; the view "visits" has each once.';
COMMENT ON COLUMN @schema@.all_visits.visit_id IS 'Id of the visit.';
COMMENT ON COLUMN @schema@.all_visits.address IS 'The address, in its one form.';
COMMENT ON COLUMN @schema@.all_visits.final IS 'Where redirects led.';
COMMENT ON COLUMN @schema@.all_visits.fetched_at IS 'When.';
COMMENT ON COLUMN @schema@.all_visits.status IS 'The status of the answer.';
COMMENT ON COLUMN @schema@.all_visits.outcome IS 'new, changed, another text, gone, back, unreadable.';
COMMENT ON COLUMN @schema@.all_visits.headers IS 'The headers of the answer: [[name, value]].';
COMMENT ON COLUMN @schema@.all_visits.raw_sha256 IS 'SHA-256 of the bytes, which the ledger keeps; null: nothing came.';
COMMENT ON COLUMN @schema@.all_visits.document_id IS 'The document that came of it.';
COMMENT ON COLUMN @schema@.all_visits.replaces IS 'The document that this version took the place of.';
COMMENT ON COLUMN @schema@.all_visits.source IS 'The source that listed the address.';
COMMENT ON COLUMN @schema@.all_visits.tags IS 'The tags of that source.';
COMMENT ON COLUMN @schema@.all_visits.known_at IS 'When the ledger was told.';
COMMENT ON COLUMN @schema@.all_visits.shard IS 'What it was entered with.';
