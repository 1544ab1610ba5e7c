"""The tables. Times are seconds since 1970; `chat` is always a keyed hash, never a chat's id."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0005"  # the newest migration; schema and migrations agree by a test
HASH_LENGTH = 32
LONGEST_UPDATE_ID = 128
LONGEST_CLAUSE = 64

metadata = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER key counts up by itself there

# What the store says of itself: the fingerprint of the key it hashes with.
marks = Table(
    "marks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(64), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("chat", String(HASH_LENGTH), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("state", Text, nullable=False),
    Column("saved_at", Double, nullable=False, index=True),
)

# The inbox. A handled update keeps its id, so that it is known when it comes again, and no more.
updates = Table(
    "updates",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("update_id", String(LONGEST_UPDATE_ID), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("chat", String(HASH_LENGTH)),
    Column("payload", Text),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("handled_at", Double, index=True),
    UniqueConstraint("channel", "update_id", name="uq_updates_channel_update_id"),
)
Index(
    "ix_updates_waiting",
    updates.c.channel,
    updates.c.chat,
    updates.c.position,
    updates.c.id,
    sqlite_where=updates.c.handled_at.is_(None),
    postgresql_where=updates.c.handled_at.is_(None),
)

Index(
    "ix_updates_next",
    updates.c.channel,
    updates.c.id,
    sqlite_where=updates.c.handled_at.is_(None),
    postgresql_where=updates.c.handled_at.is_(None),
)

# The outbox. A row lives until it is sent; `sending_since` says that sending began.
outgoing = Table(
    "outgoing",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(HASH_LENGTH), nullable=False),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", Double, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("sending_since", Double),
    Column("after_id", BigInteger),  # the account's last known message id when sending began
)
Index("ix_outgoing_chat", outgoing.c.channel, outgoing.c.chat, outgoing.c.id)

# The newest id of a message that was sent, of places that count for themselves.
sent_ids = Table(
    "sent_ids",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("place", String(HASH_LENGTH), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    Column("sent_at", Double, nullable=False, index=True),
)

# Known ids of messages, sent and received, where they count over all chats of an account.
account_ids = Table(
    "account_ids",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("noted_at", Double, nullable=False, index=True),
)

# Who works on a chat: one handles its updates, one sends its messages.
leases = Table(
    "leases",
    metadata,
    Column("chat", String(HASH_LENGTH), primary_key=True),
    Column("purpose", String(8), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("token", String(32), nullable=False),
    Column("until", Double, nullable=False),
)

# Figures of each turn, for statistics; nothing in it leads to a person.
turns = Table(
    "turns",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("score", Double),
    Column("milliseconds", Integer, nullable=False),
    Column("clause", String(LONGEST_CLAUSE), nullable=False),
    Column("answer", String(16), unique=True),
    Column("taken_at", Double, nullable=False, index=True),
)

# One row a person and answer; `voter` is a chat's hash and goes when a session would.
votes = Table(
    "votes",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("answer", String(16), nullable=False),
    Column("voter", String(HASH_LENGTH)),
    Column("is_good", SmallInteger, nullable=False),
    Column("voted_at", Double, nullable=False, index=True),
    UniqueConstraint("answer", "voter", name="uq_votes_answer_voter"),
)

# Masked questions without an answer. Who asked is told only by `askers`, and only for so long
# as the session lives, so that /xoa can delete the question too.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", Double, nullable=False, index=True),
)
askers = Table(
    "askers",
    metadata,
    Column("question", _Id, primary_key=True, autoincrement=False),
    Column("chat", String(HASH_LENGTH), nullable=False, index=True),
    Column("asked_at", Double, nullable=False),
)

# Files that a chat got a link to; `link` is the hash of the link's secret.
downloads = Table(
    "downloads",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("link", String(64), nullable=False, unique=True),
    Column("chat", String(HASH_LENGTH), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Double, nullable=False, index=True),
)
