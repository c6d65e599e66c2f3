"""The tables of the ledger of decisions, and triggers that let an honest program do nothing but add to it."""

DECISIONS = (
    """CREATE TABLE decisions (  -- what people decided; only added to (see licscan review)
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,  -- the decision as canonical JSON
    previous TEXT NOT NULL,  -- the digest of the entry before; empty for the first
    digest TEXT NOT NULL UNIQUE  -- sha256: over previous, a line break and body
)""",
    """CREATE TABLE decision_head (  -- how many decisions there are, so that a lost end is noticed
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL,
    digest TEXT NOT NULL  -- of the last decision
)""",
    """CREATE TRIGGER decisions_keep BEFORE UPDATE ON decisions
BEGIN SELECT raise(ABORT, 'decisions are never changed'); END""",
    """CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT raise(ABORT, 'decisions are never removed'); END""",
    # INSERT OR REPLACE would remove a row without asking the trigger above
    """CREATE TRIGGER decisions_follow BEFORE INSERT ON decisions
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM decisions)
    OR NEW.previous <> coalesce((SELECT digest FROM decisions ORDER BY id DESC LIMIT 1), '')
    OR EXISTS (SELECT 1 FROM decisions WHERE digest = NEW.digest)
BEGIN SELECT raise(ABORT, 'a decision follows the last one'); END""",
    """CREATE TRIGGER decision_head_stays BEFORE DELETE ON decision_head
BEGIN SELECT raise(ABORT, 'the head is never removed'); END""",
    """CREATE TRIGGER decision_head_grows BEFORE UPDATE ON decision_head WHEN NEW.entries <= OLD.entries
BEGIN SELECT raise(ABORT, 'the head only moves forward'); END""",
    """CREATE VIEW current_decisions AS -- every decision, in columns
SELECT id, json_extract(body, '$.verb') AS decision, json_extract(body, '$.code') AS code,
    json_extract(body, '$.package') AS package, json_extract(body, '$.version') AS version,
    json_extract(body, '$.versions') AS versions, json_extract(body, '$.surface') AS surface,
    json_extract(body, '$.license') AS license, json_extract(body, '$.who') AS who,
    json_extract(body, '$.when') AS decided_at, json_extract(body, '$.until') AS until,
    json_extract(body, '$.why') AS why, json_extract(body, '$.evidence') AS evidence, digest
FROM decisions""",
)
