"""The walk: what happened on a tour, what stays of it, and scans that belong to one.

Events are only ever added; what may name a person stands in tables of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("tour_stops", sa.Column("added_by", sa.String(36)))
    op.add_column("scans", sa.Column("visit", sa.Integer))
    op.create_table(
        "walk_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("clock_off", sa.BigInteger, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("stop_id", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("tag", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_walk_events"),
        sa.UniqueConstraint("tour_id", "key", name="uq_walk_events_tour_id"),
        _to("walk_events", "tour_id", "tours"),
        _to("walk_events", "account_id", "accounts"),
        _to("walk_events", "stop_id", "tour_stops", gone="SET NULL"),
    )
    op.create_index("ix_walk_events_tour_id", "walk_events", ["tour_id", "seq"], unique=True)
    _index("walk_events", "account_id", "stop_id")
    op.create_table(
        "walk_notes",
        sa.Column("event_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_walk_notes"),
        _to("walk_notes", "event_id", "walk_events", gone="CASCADE"),
    )
    _keepsakes()


def _keepsakes() -> None:
    op.create_table(
        "guest_book_pages",
        *_made("guest_book_pages"),
        sa.Column("picture", sa.String(64)),
        sa.Column("signature", sa.String(64)),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("text", "translation", "signatory")
        ),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("publish", sa.String(8), nullable=False),
    )
    _index("guest_book_pages", "account_id")
    op.create_table(
        "tour_gifts",
        *_made("tour_gifts"),
        sa.Column("direction", sa.String(8), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                *("description_az", "description_en", "giver", "recipient"),
                *("moment", "custody", "register_number", "value"),
            )
        ),
        sa.Column("picture", sa.String(64)),
    )
    _index("tour_gifts", "account_id")


def _made(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("tour_id", "key", name=f"uq_{table}_tour_id"),
        _to(table, "tour_id", "tours"),
        _to(table, "account_id", "accounts"),
    )


def _to(
    table: str, column: str, other: str, gone: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=gone
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
