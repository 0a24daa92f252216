-- What was concluded from what reports say: by the linker, by watch rules, by people.

CREATE TABLE @schema@.all_links (
    claim_id text NOT NULL,
    event_id text NOT NULL,
    witness text NOT NULL,
    chance double precision NOT NULL,
    linker text NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    held_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_links IS 'Which event the linker put a claim into, a row each time it changed; the view "links" has what holds now, "members" what people judged besides.';
COMMENT ON COLUMN @schema@.all_links.claim_id IS 'The claim.';
COMMENT ON COLUMN @schema@.all_links.event_id IS 'The event: the id of its first claim.';
COMMENT ON COLUMN @schema@.all_links.witness IS 'The independent text that the claim comes from: the id of its first claim.';
COMMENT ON COLUMN @schema@.all_links.chance IS 'Calibrated probability that it belongs there.';
COMMENT ON COLUMN @schema@.all_links.linker IS 'The linker''s version.';
COMMENT ON COLUMN @schema@.all_links.known_at IS 'From when on.';
COMMENT ON COLUMN @schema@.all_links.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_links.held_until IS 'Until when it held; infinity: it still does.';

CREATE TABLE @schema@.all_reprints (
    document_id text NOT NULL,
    "group" text NOT NULL,
    is_round_up boolean NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL,
    held_until timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE @schema@.all_reprints IS 'Which documents print one text, a row each time it changed; the view "reprints" has what holds now.';
COMMENT ON COLUMN @schema@.all_reprints.document_id IS 'The document.';
COMMENT ON COLUMN @schema@.all_reprints."group" IS 'The same for all prints of one text: the id of the first.';
COMMENT ON COLUMN @schema@.all_reprints.is_round_up IS 'It holds several texts.';
COMMENT ON COLUMN @schema@.all_reprints.known_at IS 'From when on.';
COMMENT ON COLUMN @schema@.all_reprints.shard IS 'What it was entered with.';
COMMENT ON COLUMN @schema@.all_reprints.held_until IS 'Until when it held; infinity: it still does.';

CREATE TABLE @schema@.all_alerts (
    alert_id text NOT NULL,
    rule text NOT NULL,
    title text NOT NULL,
    day date,
    said text NOT NULL,
    holds boolean NOT NULL,
    replaces text,
    events text[] NOT NULL,
    claims text[] NOT NULL,
    record jsonb NOT NULL,
    known_at timestamptz NOT NULL,
    shard text NOT NULL
);
COMMENT ON TABLE @schema@.all_alerts IS 'What watch rules said (docs/watch.md); the view "alerts" has each once.';
COMMENT ON COLUMN @schema@.all_alerts.alert_id IS 'Id of the alert.';
COMMENT ON COLUMN @schema@.all_alerts.rule IS 'The rule that was asked.';
COMMENT ON COLUMN @schema@.all_alerts.title IS 'The rule''s own words.';
COMMENT ON COLUMN @schema@.all_alerts.day IS 'The day it is about; null: the events have none.';
COMMENT ON COLUMN @schema@.all_alerts.said IS 'What is so, for people.';
COMMENT ON COLUMN @schema@.all_alerts.holds IS 'False: it is no longer true.';
COMMENT ON COLUMN @schema@.all_alerts.replaces IS 'The alert on the same matter that this one brings up to date.';
COMMENT ON COLUMN @schema@.all_alerts.events IS 'The events it rests on.';
COMMENT ON COLUMN @schema@.all_alerts.claims IS 'The claims it rests on.';
COMMENT ON COLUMN @schema@.all_alerts.record IS 'The whole record with its numbers.';
COMMENT ON COLUMN @schema@.all_alerts.known_at IS 'When it was said.';
COMMENT ON COLUMN @schema@.all_alerts.shard IS 'What it was entered with.';

CREATE TABLE @schema@.judgements (
    judgement_id text PRIMARY KEY,
    entry integer NOT NULL,
    entry_hash text NOT NULL,
    kind text NOT NULL,
    judge text NOT NULL,
    is_machine boolean NOT NULL,
    judged_at timestamptz NOT NULL,
    about text NOT NULL,
    claims text[] NOT NULL,
    field text,
    value text,
    reason text NOT NULL,
    revokes text[] NOT NULL,
    in_force boolean NOT NULL,
    record jsonb NOT NULL
);
COMMENT ON TABLE @schema@.judgements IS 'What people and programs concluded about claims (docs/judgements.md); also what was undone since.';
COMMENT ON COLUMN @schema@.judgements.judgement_id IS 'Number of its entry in the log and its place there: "12.1".';
COMMENT ON COLUMN @schema@.judgements.entry IS 'Number of its entry in the log.';
COMMENT ON COLUMN @schema@.judgements.entry_hash IS 'Hash of that entry, by which it can be found in the ledger''s chain.';
COMMENT ON COLUMN @schema@.judgements.kind IS 'accepted, rejected, corrected, merged, split, not the same, retracted, superseded, linked, undone, …';
COMMENT ON COLUMN @schema@.judgements.judge IS 'Who judges; of one who was forgotten a stand-in.';
COMMENT ON COLUMN @schema@.judgements.is_machine IS 'The judge is a program.';
COMMENT ON COLUMN @schema@.judgements.judged_at IS 'When.';
COMMENT ON COLUMN @schema@.judgements.about IS 'claim, or the whole event that a claim names.';
COMMENT ON COLUMN @schema@.judgements.claims IS 'The claims it is about; which is on which side stands in the record.';
COMMENT ON COLUMN @schema@.judgements.field IS 'Of a correction the field.';
COMMENT ON COLUMN @schema@.judgements.value IS 'Of a correction what stands in it now.';
COMMENT ON COLUMN @schema@.judgements.reason IS 'Why.';
COMMENT ON COLUMN @schema@.judgements.revokes IS 'The judgements it undoes.';
COMMENT ON COLUMN @schema@.judgements.in_force IS 'Whether it still holds.';
COMMENT ON COLUMN @schema@.judgements.record IS 'The whole record.';
