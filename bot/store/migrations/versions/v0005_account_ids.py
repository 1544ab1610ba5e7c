"""Every known message id of an account, so that a message in doubt is looked for among the others.

Also an index that finds the next update without passing over those that were handled.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table and the index; the newest ids of accounts move into the table."""
    op.create_table(
        "account_ids",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("noted_at", sa.Double, nullable=False),
    )
    op.create_index("ix_account_ids_noted_at", "account_ids", ["noted_at"])
    op.execute(
        "INSERT INTO account_ids (channel, message_id, noted_at)"
        " SELECT channel, last_id, sent_at FROM sent_ids WHERE place = 'account'"
    )
    op.execute("DELETE FROM sent_ids WHERE place = 'account'")
    is_waiting = sa.text("handled_at IS NULL")
    op.create_index(
        "ix_updates_next",
        "updates",
        ["channel", "id"],
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )
