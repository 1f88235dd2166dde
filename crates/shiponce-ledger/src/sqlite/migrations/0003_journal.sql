-- Intents and receipts of effects, only ever added to. `target` is the normalised upload address of an index.
CREATE TABLE journal (
    seq BIGINT NOT NULL PRIMARY KEY,
    press BIGINT NOT NULL REFERENCES press (id),
    target TEXT NOT NULL,
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    filename TEXT NOT NULL,
    event TEXT NOT NULL,
    -- Set with the events that carry them.
    refusal TEXT,
    message TEXT,
    at_micros BIGINT NOT NULL
);

CREATE INDEX journal_release ON journal (project, version_key, target, seq);
