"""The ids of the last messages sent, to find out whether a message in doubt arrived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table of last ids; messages being sent note where the ids stood."""
    op.create_table(
        "sent_ids",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("place", sa.String(32), primary_key=True),
        sa.Column("last_id", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.Double, nullable=False),
    )
    op.create_index("ix_sent_ids_sent_at", "sent_ids", ["sent_at"])
    op.add_column("outgoing", sa.Column("after_id", sa.BigInteger))
