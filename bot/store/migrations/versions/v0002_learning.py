"""Figures of turns, votes, unanswered questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the tables that statistics and example questions come from."""
    row_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "turns",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("clause", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(16), unique=True),
        sa.Column("taken_at", sa.Double, nullable=False),
    )
    op.create_index("ix_turns_taken_at", "turns", ["taken_at"])
    op.create_table(
        "votes",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("voter", sa.String(32)),
        sa.Column("is_good", sa.SmallInteger, nullable=False),
        sa.Column("voted_at", sa.Double, nullable=False),
        sa.UniqueConstraint("answer", "voter", name="uq_votes_answer_voter"),
    )
    op.create_index("ix_votes_voted_at", "votes", ["voted_at"])
    op.create_table(
        "unanswered",
        sa.Column("id", row_id, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
    )
    op.create_index("ix_unanswered_asked_at", "unanswered", ["asked_at"])
    op.create_table(
        "askers",
        sa.Column("question", row_id, primary_key=True, autoincrement=False),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
    )
    op.create_index("ix_askers_chat", "askers", ["chat"])
