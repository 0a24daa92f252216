-- What the codes mean.

CREATE TABLE @schema@.codebook (
    kind text NOT NULL,
    code text NOT NULL,
    of_type text NOT NULL DEFAULT '',
    meaning text NOT NULL,
    PRIMARY KEY (kind, code, of_type)
);
COMMENT ON TABLE @schema@.codebook IS 'What the codes mean, as `dateline codebook` prints it.';
COMMENT ON COLUMN @schema@.codebook.kind IS 'type, mode, status, sector or context.';
COMMENT ON COLUMN @schema@.codebook.code IS 'The code as it stands in claims and events.';
COMMENT ON COLUMN @schema@.codebook.of_type IS 'Of a mode the type it belongs to; otherwise empty.';
COMMENT ON COLUMN @schema@.codebook.meaning IS 'What it means.';
