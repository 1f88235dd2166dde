-- Who may work on a group, and who waits. The rows are core's `lease::Group`, taken apart.
CREATE TABLE lease_group (
    name TEXT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    tickets BIGINT NOT NULL,
    -- All null when nobody works.
    grant_ticket BIGINT,
    grant_holder TEXT,
    grant_token BIGINT,
    grant_boot TEXT,
    grant_micros BIGINT
);

CREATE TABLE lease_waiter (
    group_name TEXT NOT NULL REFERENCES lease_group (name),
    ticket BIGINT NOT NULL,
    holder TEXT NOT NULL,
    seen_boot TEXT NOT NULL,
    seen_micros BIGINT NOT NULL,
    PRIMARY KEY (group_name, ticket)
);
