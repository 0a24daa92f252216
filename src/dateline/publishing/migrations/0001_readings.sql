-- What reports were read to say: every coding that the ledger was ever told of, with from when until when its document showed it.

CREATE TABLE @schema@.schema_versions (
    version integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @schema@.schema_versions IS 'Which steps this schema was brought up by, for dateline publish.';
COMMENT ON COLUMN @schema@.schema_versions.version IS 'Number of the step.';
COMMENT ON COLUMN @schema@.schema_versions.name IS 'Name of the step.';
COMMENT ON COLUMN @schema@.schema_versions.sha256 IS 'SHA-256 of the step as it was run: a step never changes once it has been published.';
COMMENT ON COLUMN @schema@.schema_versions.applied_at IS 'When it was run.';

CREATE TABLE @schema@.published_shards (
    table_name text NOT NULL,
    shard text NOT NULL,
    known_at timestamptz NOT NULL,
    PRIMARY KEY (table_name, shard)
);
COMMENT ON TABLE @schema@.published_shards IS 'Which shards of the ledger (what was entered at once) each table has.';
COMMENT ON COLUMN @schema@.published_shards.table_name IS 'The table, as the ledger names it.';
COMMENT ON COLUMN @schema@.published_shards.shard IS 'The shard''s receipt.';
COMMENT ON COLUMN @schema@.published_shards.known_at IS 'When the ledger was told of it.';

CREATE TABLE @schema@.publication (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    ledger_state text NOT NULL,
    program text NOT NULL,
    published_at timestamptz NOT NULL
);
COMMENT ON TABLE @schema@.publication IS 'What was published last, in one row.';
COMMENT ON COLUMN @schema@.publication.is_only IS 'True: there is one row.';
COMMENT ON COLUMN @schema@.publication.ledger_state IS 'Changes with every shard and judgement; equal: there is nothing new to publish.';
COMMENT ON COLUMN @schema@.publication.program IS 'The program that published, with its version.';
COMMENT ON COLUMN @schema@.publication.published_at IS 'When.';

CREATE TABLE @schema@.all_documents (
    document_id text NOT NULL,
    report text NOT NULL,
    address text,
    raw_sha256 text NOT NULL,
    encoding text NOT NULL,
    title text,
    byline text,
    publisher text,
    published date,
    published_origin text,
    agencies text[] NOT NULL,
    text text NOT NULL,
    claims integer NOT NULL,
    is_failed boolean NOT NULL,
    program text NOT NULL,
    model text NOT NULL,
    knowledge text NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    record jsonb NOT NULL,
    shown_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_documents IS 'Reports as they were read, a row each coding; the view "documents" has the coding that counts now.';
COMMENT ON COLUMN @schema@.all_documents.document_id IS 'Hash of the report''s address (or publisher) and bytes: the same report has the same id everywhere.';
COMMENT ON COLUMN @schema@.all_documents.report IS 'The name under which the report was handed in.';
COMMENT ON COLUMN @schema@.all_documents.address IS 'Where it was fetched from; null: nobody said.';
COMMENT ON COLUMN @schema@.all_documents.raw_sha256 IS 'SHA-256 of the report''s bytes, which the ledger keeps.';
COMMENT ON COLUMN @schema@.all_documents.encoding IS 'How the bytes were read as letters.';
COMMENT ON COLUMN @schema@.all_documents.title IS 'Headline; null: none was found.';
COMMENT ON COLUMN @schema@.all_documents.byline IS 'Who wrote it, as it says.';
COMMENT ON COLUMN @schema@.all_documents.publisher IS 'Who issued it.';
COMMENT ON COLUMN @schema@.all_documents.published IS 'Day of publication; null: no rule found one.';
COMMENT ON COLUMN @schema@.all_documents.published_origin IS 'How that day arose: read, inferred, looked up, given.';
COMMENT ON COLUMN @schema@.all_documents.agencies IS 'News agencies that the text credits.';
COMMENT ON COLUMN @schema@.all_documents.text IS 'The normalised text. All offsets are code points of it, half-open, from 0: substr(text, start + 1, end - start).';
COMMENT ON COLUMN @schema@.all_documents.claims IS 'How many claims this coding gave.';
COMMENT ON COLUMN @schema@.all_documents.is_failed IS 'Nothing of it could be coded.';
COMMENT ON COLUMN @schema@.all_documents.program IS 'The program that coded it, with its version.';
COMMENT ON COLUMN @schema@.all_documents.model IS 'The language model it was read with.';
COMMENT ON COLUMN @schema@.all_documents.knowledge IS 'Version of the tables it was coded by.';
COMMENT ON COLUMN @schema@.all_documents.known_at IS 'When the ledger was told.';
COMMENT ON COLUMN @schema@.all_documents.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_documents.record IS 'The whole record but for its text (docs/record.md).';
COMMENT ON COLUMN @schema@.all_documents.shown_until IS 'Until when the document showed this coding; infinity: it still does; known_at: it never did.';

CREATE TABLE @schema@.all_claims (
    claim_id text NOT NULL,
    document_id text NOT NULL,
    position integer NOT NULL,
    type text NOT NULL,
    mode text,
    contexts text[] NOT NULL,
    status text NOT NULL,
    first_day date,
    last_day date,
    date_precision text,
    date_origin text,
    actor_names text[] NOT NULL,
    actor_countries text[] NOT NULL,
    actor_sectors text[] NOT NULL,
    recipient_names text[] NOT NULL,
    recipient_countries text[] NOT NULL,
    recipient_sectors text[] NOT NULL,
    place_name text,
    place_kind text,
    place_country text,
    place_admin1 text,
    place_within text,
    place_geonames bigint,
    latitude double precision,
    longitude double precision,
    place_origin text,
    counts jsonb NOT NULL,
    by text,
    attribution text[] NOT NULL,
    trigger text NOT NULL,
    trigger_start integer NOT NULL,
    trigger_end integer NOT NULL,
    evidence text NOT NULL,
    evidence_start integer NOT NULL,
    evidence_end integer NOT NULL,
    confidence double precision NOT NULL,
    rule text NOT NULL,
    same_as text,
    publisher text,
    published date,
    title text,
    address text,
    report text NOT NULL,
    program text NOT NULL,
    model text NOT NULL,
    knowledge text NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    record jsonb NOT NULL,
    shown_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_claims IS 'What reports say happened, a row each claim of each coding; the view "claims" has those that count now.';
COMMENT ON COLUMN @schema@.all_claims.claim_id IS 'Id of the claim.';
COMMENT ON COLUMN @schema@.all_claims.document_id IS 'The document whose words say so.';
COMMENT ON COLUMN @schema@.all_claims.position IS 'Place among the document''s claims, from 0.';
COMMENT ON COLUMN @schema@.all_claims.type IS 'What happened, by the codebook: join codebook on kind = ''type''.';
COMMENT ON COLUMN @schema@.all_claims.mode IS 'How, by the codebook; null: not told.';
COMMENT ON COLUMN @schema@.all_claims.contexts IS 'What it was about, by the codebook.';
COMMENT ON COLUMN @schema@.all_claims.status IS 'Whether the report says it happened: asserted, planned, denied, alleged, conditional, … by the codebook.';
COMMENT ON COLUMN @schema@.all_claims.first_day IS 'First day, inclusive; null: open or not told.';
COMMENT ON COLUMN @schema@.all_claims.last_day IS 'Last day, inclusive; null: open or not told.';
COMMENT ON COLUMN @schema@.all_claims.date_precision IS 'How fine the days are: day, week, month, …';
COMMENT ON COLUMN @schema@.all_claims.date_origin IS 'How the days arose: read, inferred, looked up, given.';
COMMENT ON COLUMN @schema@.all_claims.actor_names IS 'Who did it, in text order.';
COMMENT ON COLUMN @schema@.all_claims.actor_countries IS 'Their countries, ISO 3166 alpha-3, in the order of the names.';
COMMENT ON COLUMN @schema@.all_claims.actor_sectors IS 'What they stand for, by the codebook, in the order of the names.';
COMMENT ON COLUMN @schema@.all_claims.recipient_names IS 'To whom it was done, in text order.';
COMMENT ON COLUMN @schema@.all_claims.recipient_countries IS 'Their countries, in the order of the names.';
COMMENT ON COLUMN @schema@.all_claims.recipient_sectors IS 'What they stand for, in the order of the names.';
COMMENT ON COLUMN @schema@.all_claims.place_name IS 'Where; null: not told.';
COMMENT ON COLUMN @schema@.all_claims.place_kind IS 'How fine the place is: city, admin1, country, region, …';
COMMENT ON COLUMN @schema@.all_claims.place_country IS 'Its country, ISO 3166 alpha-3.';
COMMENT ON COLUMN @schema@.all_claims.place_admin1 IS 'Its province.';
COMMENT ON COLUMN @schema@.all_claims.place_within IS 'What it lies in, where that is told.';
COMMENT ON COLUMN @schema@.all_claims.place_geonames IS 'Its number in GeoNames.';
COMMENT ON COLUMN @schema@.all_claims.latitude IS 'Degrees north. A country or a region has no point here: that would put its events into one field.';
COMMENT ON COLUMN @schema@.all_claims.longitude IS 'Degrees east.';
COMMENT ON COLUMN @schema@.all_claims.place_origin IS 'How the place arose: read, inferred, looked up, given.';
COMMENT ON COLUMN @schema@.all_claims.counts IS 'How many: [{what, low, high, exactness, unit, text, is_part}]; high null is open.';
COMMENT ON COLUMN @schema@.all_claims.by IS 'The first teller that the text names; null: the paper''s own voice.';
COMMENT ON COLUMN @schema@.all_claims.attribution IS 'On whose word, from the publisher to the nearest source.';
COMMENT ON COLUMN @schema@.all_claims.trigger IS 'The word that tells of it.';
COMMENT ON COLUMN @schema@.all_claims.trigger_start IS 'Its first code point in the document''s text, from 0.';
COMMENT ON COLUMN @schema@.all_claims.trigger_end IS 'The code point after its last.';
COMMENT ON COLUMN @schema@.all_claims.evidence IS 'The words that say it.';
COMMENT ON COLUMN @schema@.all_claims.evidence_start IS 'Their first code point in the document''s text, from 0.';
COMMENT ON COLUMN @schema@.all_claims.evidence_end IS 'The code point after their last.';
COMMENT ON COLUMN @schema@.all_claims.confidence IS 'Probability that the record is right, 0 to 1 (docs/confidence.md).';
COMMENT ON COLUMN @schema@.all_claims.rule IS 'The entry of the lexicon that it was coded by.';
COMMENT ON COLUMN @schema@.all_claims.same_as IS 'The earlier claim of the same document that tells of the same happening.';
COMMENT ON COLUMN @schema@.all_claims.publisher IS 'Who issued the report.';
COMMENT ON COLUMN @schema@.all_claims.published IS 'Day of its publication.';
COMMENT ON COLUMN @schema@.all_claims.title IS 'Its headline.';
COMMENT ON COLUMN @schema@.all_claims.address IS 'Where it was fetched from.';
COMMENT ON COLUMN @schema@.all_claims.report IS 'The name under which it was handed in.';
COMMENT ON COLUMN @schema@.all_claims.program IS 'The program that coded it, with its version.';
COMMENT ON COLUMN @schema@.all_claims.model IS 'The language model it was read with.';
COMMENT ON COLUMN @schema@.all_claims.knowledge IS 'Version of the tables it was coded by.';
COMMENT ON COLUMN @schema@.all_claims.known_at IS 'When the ledger was told.';
COMMENT ON COLUMN @schema@.all_claims.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_claims.record IS 'The whole record with the span of every value (docs/record.md).';
COMMENT ON COLUMN @schema@.all_claims.shown_until IS 'Until when its document showed this coding; infinity: it still does; known_at: it never did.';

CREATE TABLE @schema@.all_quotations (
    document_id text NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    source text,
    cue text,
    speaker_name text,
    speaker_country text,
    speaker_sector text,
    via_name text,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    record jsonb NOT NULL,
    shown_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_quotations IS 'Who is quoted with what; the view "quotations" has those of the codings that count now.';
COMMENT ON COLUMN @schema@.all_quotations.document_id IS 'The document that quotes.';
COMMENT ON COLUMN @schema@.all_quotations.position IS 'Place among the document''s quotations, from 0.';
COMMENT ON COLUMN @schema@.all_quotations.kind IS 'Direct, indirect or mixed.';
COMMENT ON COLUMN @schema@.all_quotations.text IS 'The words; pieces are joined by " … ".';
COMMENT ON COLUMN @schema@.all_quotations.start IS 'First code point in the document''s text, from 0.';
COMMENT ON COLUMN @schema@.all_quotations."end" IS 'The code point after the last.';
COMMENT ON COLUMN @schema@.all_quotations.source IS 'The words that name who said it.';
COMMENT ON COLUMN @schema@.all_quotations.cue IS 'The word that says that it was said.';
COMMENT ON COLUMN @schema@.all_quotations.speaker_name IS 'Who said it, as known elsewhere.';
COMMENT ON COLUMN @schema@.all_quotations.speaker_country IS 'Their country, ISO 3166 alpha-3.';
COMMENT ON COLUMN @schema@.all_quotations.speaker_sector IS 'What they stand for, by the codebook.';
COMMENT ON COLUMN @schema@.all_quotations.via_name IS 'Through whom it was told.';
COMMENT ON COLUMN @schema@.all_quotations.known_at IS 'When the ledger was told.';
COMMENT ON COLUMN @schema@.all_quotations.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_quotations.record IS 'The whole record with its spans (docs/quotations.md).';
COMMENT ON COLUMN @schema@.all_quotations.shown_until IS 'Until when its document showed this coding; infinity: it still does; known_at: it never did.';

CREATE TABLE @schema@.all_problems (
    document_id text,
    report text NOT NULL,
    raw_sha256 text NOT NULL,
    position integer NOT NULL,
    stage text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    is_fatal boolean NOT NULL,
    start integer,
    "end" integer,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    record jsonb NOT NULL,
    shown_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_problems IS 'What could not be read or resolved, and why; the view "problems" has those that stand now.';
COMMENT ON COLUMN @schema@.all_problems.document_id IS 'The document; null: the report never became one.';
COMMENT ON COLUMN @schema@.all_problems.report IS 'The name under which the report was handed in.';
COMMENT ON COLUMN @schema@.all_problems.raw_sha256 IS 'SHA-256 of its bytes.';
COMMENT ON COLUMN @schema@.all_problems.position IS 'Place among the report''s problems, from 0.';
COMMENT ON COLUMN @schema@.all_problems.stage IS 'The stage that met it.';
COMMENT ON COLUMN @schema@.all_problems.reason IS 'Its kind, in a word.';
COMMENT ON COLUMN @schema@.all_problems.message IS 'What was wrong, for people.';
COMMENT ON COLUMN @schema@.all_problems.is_fatal IS 'Nothing of the report could be coded.';
COMMENT ON COLUMN @schema@.all_problems.start IS 'First code point in the document''s text; null: it is of the whole report.';
COMMENT ON COLUMN @schema@.all_problems."end" IS 'The code point after the last.';
COMMENT ON COLUMN @schema@.all_problems.known_at IS 'When the ledger was told.';
COMMENT ON COLUMN @schema@.all_problems.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_problems.record IS 'The whole record.';
COMMENT ON COLUMN @schema@.all_problems.shown_until IS 'Until when its document showed this coding; infinity: it still does; known_at: it never did.';
