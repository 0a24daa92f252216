-- By what rows are found. Made when the tables are filled: an index that grows row by row takes several times as long.
-- One that is added here is made by the next run.

CREATE INDEX IF NOT EXISTS all_documents_document_id ON @schema@.all_documents (document_id);
CREATE INDEX IF NOT EXISTS all_documents_shard ON @schema@.all_documents (shard);
CREATE INDEX IF NOT EXISTS all_documents_published ON @schema@.all_documents (published);
CREATE INDEX IF NOT EXISTS all_documents_publisher_published ON @schema@.all_documents (publisher, published);
CREATE INDEX IF NOT EXISTS all_documents_raw_sha ON @schema@.all_documents (raw_sha256);
CREATE INDEX IF NOT EXISTS all_claims_claim_id ON @schema@.all_claims (claim_id);
CREATE INDEX IF NOT EXISTS all_claims_document_id ON @schema@.all_claims (document_id);
CREATE INDEX IF NOT EXISTS all_claims_place_country_type_first_day ON @schema@.all_claims (place_country, type, first_day);
CREATE INDEX IF NOT EXISTS all_claims_first_day ON @schema@.all_claims (first_day);
CREATE INDEX IF NOT EXISTS all_claims_actor_names ON @schema@.all_claims USING gin (actor_names);
CREATE INDEX IF NOT EXISTS all_claims_recipient_names ON @schema@.all_claims USING gin (recipient_names);
CREATE INDEX IF NOT EXISTS all_quotations_document_id ON @schema@.all_quotations (document_id);
CREATE INDEX IF NOT EXISTS all_quotations_speaker_name ON @schema@.all_quotations (speaker_name);
CREATE INDEX IF NOT EXISTS all_problems_document_id ON @schema@.all_problems (document_id);
CREATE INDEX IF NOT EXISTS all_problems_raw_sha ON @schema@.all_problems (raw_sha256);
CREATE INDEX IF NOT EXISTS all_links_claim_id ON @schema@.all_links (claim_id);
CREATE INDEX IF NOT EXISTS all_links_event_id ON @schema@.all_links (event_id);
CREATE INDEX IF NOT EXISTS all_reprints_document_id ON @schema@.all_reprints (document_id);
CREATE INDEX IF NOT EXISTS all_reprints_group ON @schema@.all_reprints ("group");
CREATE INDEX IF NOT EXISTS all_alerts_alert_id ON @schema@.all_alerts (alert_id);
CREATE INDEX IF NOT EXISTS all_alerts_rule_day ON @schema@.all_alerts (rule, day);
CREATE INDEX IF NOT EXISTS judgements_claims ON @schema@.judgements USING gin (claims);
CREATE INDEX IF NOT EXISTS judgements_judged_at ON @schema@.judgements (judged_at);
CREATE INDEX IF NOT EXISTS event_versions_event_id_held ON @schema@.event_versions (event_id) WHERE known_until = 'infinity';
CREATE INDEX IF NOT EXISTS event_versions_place_country_type_first_day ON @schema@.event_versions (place_country, type, first_day);
CREATE INDEX IF NOT EXISTS event_versions_first_day ON @schema@.event_versions (first_day);
CREATE INDEX IF NOT EXISTS event_versions_known_until ON @schema@.event_versions (known_until);
CREATE INDEX IF NOT EXISTS event_versions_claim_ids ON @schema@.event_versions USING gin (claim_ids);
CREATE INDEX IF NOT EXISTS all_visits_visit_id ON @schema@.all_visits (visit_id);
CREATE INDEX IF NOT EXISTS all_visits_address ON @schema@.all_visits (address, fetched_at);
CREATE INDEX IF NOT EXISTS all_visits_document_id ON @schema@.all_visits (document_id);
