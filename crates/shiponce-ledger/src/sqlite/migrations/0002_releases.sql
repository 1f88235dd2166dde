-- Releases. `version_key` is the version with trailing zeros of its release numbers cut: the index takes 1.0 and
-- 1.0.0 for one release, so a row must be found by either spelling.
CREATE TABLE manifest (
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    -- The canonical JSON and its sha256.
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_micros BIGINT NOT NULL,
    changed_micros BIGINT NOT NULL,
    PRIMARY KEY (project, version_key)
);

CREATE TABLE handed_over (
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    how TEXT NOT NULL,
    at_micros BIGINT NOT NULL,
    PRIMARY KEY (project, version_key, sha256)
);

CREATE TABLE press (
    id BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    commit_id TEXT,
    note TEXT NOT NULL,
    token BIGINT NOT NULL,
    started_micros BIGINT NOT NULL,
    -- Both null until the press ends by itself.
    ended_micros BIGINT,
    outcome TEXT
);

CREATE INDEX press_project ON press (project, id);

CREATE TABLE press_step (
    press BIGINT NOT NULL REFERENCES press (id),
    seq BIGINT NOT NULL,
    phase TEXT NOT NULL,
    started_micros BIGINT NOT NULL,
    -- All null until the step ends.
    finished_micros BIGINT,
    outcome TEXT,
    detail TEXT,
    PRIMARY KEY (press, seq)
);

CREATE TABLE receipt (
    seq BIGINT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    at_micros BIGINT NOT NULL
);

CREATE INDEX receipt_project ON receipt (project, seq);
