-- Linked events: what all reports of a happening say together, from moment to moment.

ALTER TABLE @schema@.publication ADD COLUMN last_moment timestamptz, ADD COLUMN history_from timestamptz;
COMMENT ON COLUMN @schema@.publication.last_moment IS 'The last moment of the ledger up to which events were worked out; null: not yet.';
COMMENT ON COLUMN @schema@.publication.history_from IS 'From when on events can be asked as of a moment; null: ever since.';

CREATE TABLE @schema@.event_versions (
    event_id text NOT NULL,
    type text NOT NULL,
    mode text,
    status text NOT NULL,
    first_day date,
    last_day date,
    date_precision text,
    place_name text,
    place_kind text,
    place_country text,
    place_admin1 text,
    latitude double precision,
    longitude double precision,
    actor_names text[] NOT NULL,
    actor_countries text[] NOT NULL,
    actor_sectors text[] NOT NULL,
    recipient_names text[] NOT NULL,
    recipient_countries text[] NOT NULL,
    recipient_sectors text[] NOT NULL,
    tellers text[] NOT NULL,
    figures jsonb NOT NULL,
    reports_differ boolean NOT NULL,
    places_differ boolean NOT NULL,
    was_revised boolean NOT NULL,
    was_withdrawn boolean NOT NULL,
    is_announced boolean NOT NULL,
    was_accepted boolean NOT NULL,
    was_corrected boolean NOT NULL,
    was_regrouped boolean NOT NULL,
    document_count integer NOT NULL,
    witness_count integer NOT NULL,
    claim_count integer NOT NULL,
    confidence double precision NOT NULL,
    lead_claim text NOT NULL,
    claim_ids text[] NOT NULL,
    first_told date NOT NULL,
    known_since date NOT NULL,
    known_from timestamptz NOT NULL,
    known_until timestamptz NOT NULL DEFAULT 'infinity',
    print bigint NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (event_id, known_from)
);
COMMENT ON TABLE @schema@.event_versions IS 'What all reports of a happening say together, a row each time that changed; the view "events" has what is known now, events_as_of(moment) what was known then.';
COMMENT ON COLUMN @schema@.event_versions.event_id IS 'The event: the id of its first claim. An id that an event ever had is a claim''s, and leads to the event by members.';
COMMENT ON COLUMN @schema@.event_versions.type IS 'What happened, by the codebook: join codebook on kind = ''type''.';
COMMENT ON COLUMN @schema@.event_versions.mode IS 'How, by the codebook; null: not told.';
COMMENT ON COLUMN @schema@.event_versions.status IS 'Whether reports say that it happened.';
COMMENT ON COLUMN @schema@.event_versions.first_day IS 'First day, inclusive; null: open or not told.';
COMMENT ON COLUMN @schema@.event_versions.last_day IS 'Last day, inclusive; null: open or not told.';
COMMENT ON COLUMN @schema@.event_versions.date_precision IS 'How fine the days are: day, week, month, …';
COMMENT ON COLUMN @schema@.event_versions.place_name IS 'Where; null: not told.';
COMMENT ON COLUMN @schema@.event_versions.place_kind IS 'How fine the place is: city, admin1, country, region, …';
COMMENT ON COLUMN @schema@.event_versions.place_country IS 'Its country, ISO 3166 alpha-3.';
COMMENT ON COLUMN @schema@.event_versions.place_admin1 IS 'Its province.';
COMMENT ON COLUMN @schema@.event_versions.latitude IS 'Degrees north; a country or a region has no point.';
COMMENT ON COLUMN @schema@.event_versions.longitude IS 'Degrees east.';
COMMENT ON COLUMN @schema@.event_versions.actor_names IS 'Who did it, by the number of witnesses who say so.';
COMMENT ON COLUMN @schema@.event_versions.actor_countries IS 'Their countries, ISO 3166 alpha-3, in the order of the names.';
COMMENT ON COLUMN @schema@.event_versions.actor_sectors IS 'What they stand for, by the codebook, in the order of the names.';
COMMENT ON COLUMN @schema@.event_versions.recipient_names IS 'To whom it was done.';
COMMENT ON COLUMN @schema@.event_versions.recipient_countries IS 'Their countries, in the order of the names.';
COMMENT ON COLUMN @schema@.event_versions.recipient_sectors IS 'What they stand for, in the order of the names.';
COMMENT ON COLUMN @schema@.event_versions.tellers IS 'On whose word.';
COMMENT ON COLUMN @schema@.event_versions.figures IS 'How many, with bounds that hold what all accounts allow: [{what, low, high, differs, is_running, is_part}]; high null is open. The view event_figures has a row each.';
COMMENT ON COLUMN @schema@.event_versions.reports_differ IS 'Reports say what cannot all be so.';
COMMENT ON COLUMN @schema@.event_versions.places_differ IS 'They differ on where it was.';
COMMENT ON COLUMN @schema@.event_versions.was_revised IS 'A figure was one thing and became another.';
COMMENT ON COLUMN @schema@.event_versions.was_withdrawn IS 'A report of it was corrected or taken back.';
COMMENT ON COLUMN @schema@.event_versions.is_announced IS 'A report that stands announces it.';
COMMENT ON COLUMN @schema@.event_versions.was_accepted IS 'A person judged a claim of it and found it right.';
COMMENT ON COLUMN @schema@.event_versions.was_corrected IS 'A person put something of it right, or rejected or retracted a claim of it.';
COMMENT ON COLUMN @schema@.event_versions.was_regrouped IS 'A person put claims of it together or took them apart.';
COMMENT ON COLUMN @schema@.event_versions.document_count IS 'How many reports tell of it.';
COMMENT ON COLUMN @schema@.event_versions.witness_count IS 'How many independent texts do: reprints count once.';
COMMENT ON COLUMN @schema@.event_versions.claim_count IS 'How many claims.';
COMMENT ON COLUMN @schema@.event_versions.confidence IS 'That of its surest claim, 0 to 1.';
COMMENT ON COLUMN @schema@.event_versions.lead_claim IS 'The claim whose words are shown for it.';
COMMENT ON COLUMN @schema@.event_versions.claim_ids IS 'All its claims but those that people rejected; the view members has a row each.';
COMMENT ON COLUMN @schema@.event_versions.first_told IS 'The first day on which a report told of it.';
COMMENT ON COLUMN @schema@.event_versions.known_since IS 'The day on which the ledger was first told of it.';
COMMENT ON COLUMN @schema@.event_versions.known_from IS 'From when on this is what was known.';
COMMENT ON COLUMN @schema@.event_versions.known_until IS 'Until when; infinity: it still is.';
COMMENT ON COLUMN @schema@.event_versions.print IS 'For dateline publish: changes with the event''s claims.';
COMMENT ON COLUMN @schema@.event_versions.digest IS 'For dateline publish: changes with what is said here.';
