"""Files to be fetched by a link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table of files that a chat got a link to."""
    op.create_table(
        "downloads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("link", sa.String(64), nullable=False, unique=True),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.Double, nullable=False),
    )
    op.create_index("ix_downloads_chat", "downloads", ["chat"])
    op.create_index("ix_downloads_kept_at", "downloads", ["kept_at"])
