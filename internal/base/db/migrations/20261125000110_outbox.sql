-- +goose Up

-- A way to people beside the inbox, and how it is set up (reference): a row where somebody
-- has touched it.
CREATE TABLE notice_channel (
    id      TEXT    NOT NULL PRIMARY KEY, -- sms | wechat | mail | hook
    working BOOLEAN NOT NULL,
    fields  TEXT    NOT NULL,             -- JSON, nothing secret
    secret  BYTEA,                        -- encrypted
    since   BIGINT  NOT NULL DEFAULT 0,   -- what was told before does not go by it
    rev     BIGINT  NOT NULL DEFAULT 1
);

-- What a provider has agreed to be sent of a kind of notice (reference).
CREATE TABLE notice_template (
    id      TEXT   NOT NULL PRIMARY KEY, -- channel/kind
    channel TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    code    TEXT   NOT NULL, -- the provider's name of it
    text    TEXT   NOT NULL, -- as it was agreed to, with its variables
    rev     BIGINT NOT NULL DEFAULT 1
);

-- Where a person has herself told, beside the telephone of her record. It counts once verified.
CREATE TABLE notice_address (
    home     TEXT   NOT NULL, -- the person's
    person   TEXT   NOT NULL,
    channel  TEXT   NOT NULL, -- mail | wechat | hook
    address  BYTEA  NOT NULL, -- encrypted
    secret   BYTEA,           -- of a hook, encrypted
    code     BYTEA,           -- keyed hash of what proves it; NULL once proved
    until    BIGINT NOT NULL DEFAULT 0, -- of the code
    tries    BIGINT NOT NULL DEFAULT 0,
    sent     BIGINT NOT NULL DEFAULT 0, -- when the last code was
    verified BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, person, channel)
);

-- How a person wants to be told of what; what she never chose is as the product thinks fit.
CREATE TABLE notice_choice (
    home     TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    topic    TEXT   NOT NULL,
    channels TEXT   NOT NULL, -- separated by commas
    PRIMARY KEY (home, person, topic)
);
CREATE TABLE notice_quiet (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    starts BIGINT NOT NULL, -- minutes after midnight
    ends   BIGINT NOT NULL,
    lang   TEXT   NOT NULL DEFAULT '', -- of messages; '': Chinese
    PRIMARY KEY (home, person)
);

-- Who is on a shift was reminded of it, so long before its start as it was then.
CREATE TABLE roster_reminder (
    home   TEXT   NOT NULL, -- the shift's
    shift  TEXT   NOT NULL,
    kind   TEXT   NOT NULL, -- tomorrow | soon
    starts BIGINT NOT NULL,
    PRIMARY KEY (home, shift, kind)
);

-- A notice on its way to a person by one channel.
CREATE TABLE notice_delivery (
    home    TEXT   NOT NULL, -- the notice's
    id      TEXT   NOT NULL,
    notice  TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    channel TEXT   NOT NULL,
    topic   TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    urgent  BOOLEAN NOT NULL,
    state   TEXT   NOT NULL, -- waiting | sent | needless | folded | dead | given_up
    round   BIGINT NOT NULL DEFAULT 1, -- told again: the next one
    at      BIGINT NOT NULL, -- not before
    tries   BIGINT NOT NULL DEFAULT 0,
    lease   TEXT   NOT NULL DEFAULT '',
    until   BIGINT NOT NULL DEFAULT 0, -- of the lease
    queued  BIGINT NOT NULL,
    ended   BIGINT NOT NULL DEFAULT 0,
    reason  TEXT   NOT NULL DEFAULT '', -- a word of ours
    why     TEXT   NOT NULL DEFAULT '', -- of whoever gave it up
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX notice_delivery_once ON notice_delivery (home, notice, channel);
CREATE INDEX notice_delivery_due ON notice_delivery (channel, at) WHERE state = 'waiting';
CREATE INDEX notice_delivery_open ON notice_delivery (home, person) WHERE state = 'waiting';
CREATE INDEX notice_delivery_ended ON notice_delivery (state, channel, ended) WHERE ended > 0;
