"""Sessions, inbox, outbox and leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the first tables."""
    row_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "marks",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(64), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("chat", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Double, nullable=False),
    )
    op.create_index("ix_sessions_saved_at", "sessions", ["saved_at"])
    op.create_table(
        "updates",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("update_id", sa.String(128), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.String(32)),
        sa.Column("payload", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.Column("handled_at", sa.Double),
        sa.UniqueConstraint("channel", "update_id", name="uq_updates_channel_update_id"),
    )
    op.create_index("ix_updates_handled_at", "updates", ["handled_at"])
    op.create_index(
        "ix_updates_waiting",
        "updates",
        ["channel", "chat", "position", "id"],
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "outgoing",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.Double, nullable=False),
        sa.Column("not_before", sa.Double, nullable=False),
        sa.Column("sending_since", sa.Double),
    )
    op.create_index("ix_outgoing_chat", "outgoing", ["channel", "chat", "id"])
    op.create_table(
        "leases",
        sa.Column("chat", sa.String(32), primary_key=True),
        sa.Column("purpose", sa.String(8), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("until", sa.Double, nullable=False),
    )
