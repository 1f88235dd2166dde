-- Release pages on forges: how far each came. A page that was taken down keeps its row, so every page of a release has
-- one of its own; stages only move forward. `forge` is the API's address with the repository.
CREATE TABLE page (
    forge TEXT NOT NULL,
    project TEXT NOT NULL,
    version_key TEXT NOT NULL,
    version TEXT NOT NULL,
    release_id BIGINT NOT NULL,
    stage TEXT NOT NULL,
    -- The digest of the manifest it was last marked with.
    manifest TEXT NOT NULL,
    created_micros BIGINT NOT NULL,
    changed_micros BIGINT NOT NULL,
    PRIMARY KEY (forge, project, version_key, release_id)
);
