"""The report of a tour, and how its persons are forgotten or held."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("tours", sa.Column("forgotten_at", INSTANT))
    op.create_table(
        "tour_holds",
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tour_id", name="pk_tour_holds"),
        _to("tour_holds", "tour_id", "tours"),
        _to("tour_holds", "account_id", "accounts"),
    )
    op.create_index("ix_tour_holds_account_id", "tour_holds", ["account_id"])
    op.create_table(
        "tour_reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("signed_at", INSTANT),
        sa.Column("signed_by", sa.Integer),
        sa.Column("content", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_tour_reports"),
        sa.UniqueConstraint("tour_id", "number", name="uq_tour_reports_tour_id"),
        _to("tour_reports", "tour_id", "tours"),
        _to("tour_reports", "account_id", "accounts"),
        _to("tour_reports", "signed_by", "accounts"),
    )
    for column in ("account_id", "signed_by"):
        op.create_index(f"ix_tour_reports_{column}", "tour_reports", [column])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}"
    )
