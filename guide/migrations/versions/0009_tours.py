"""Tours of delegations: the plan, the people, the diary, links and calendars.

None of these tables raises the edition: visitors read nothing of them. Whatever may name a
person has a table of its own, so that it can be emptied.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and the one row of the diary."""
    _tours()
    _people()
    _stops()
    _links()
    op.create_table(
        "diary",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_diary"),
    )
    op.execute("INSERT INTO diary (id) VALUES (1)")
    op.create_table(
        "tour_overrides",
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tour_id", "key", name="pk_tour_overrides"),
        _to("tour_overrides", "tour_id", "tours"),
        _to("tour_overrides", "account_id", "accounts"),
    )
    _index("tour_overrides", "account_id")


def _tours() -> None:
    op.create_table(
        "tours",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("parties", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("people", sa.Integer),
        sa.Column("date", sa.String(10)),
        sa.Column("last_date", sa.String(10)),
        sa.Column("starts_at", INSTANT),
        sa.Column("ends_at", INSTANT),
        sa.Column("departed_at", INSTANT),
        sa.Column("completed_at", INSTANT),
        sa.Column("photo_policy", sa.String(16), nullable=False),
        sa.Column("with_press", sa.Boolean, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_tours"),
        sa.UniqueConstraint("reference", name="uq_tours_reference"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_tours_ends_after_it_starts"),
        _to("tours", "made_by", "accounts"),
        sqlite_autoincrement=True,
    )
    _index("tours", "state", "date", "starts_at", "made_by")
    words = [
        *("host_unit", "requested_by", "contact", "security_contact", "door", "vehicles"),
        *("dress", "access_needs", "dietary", "quiet_needs", "weather_plan"),
        *("talking_points", "country_links", "to_avoid", "gifts_planned", "notes"),
    ]
    op.create_table(
        "tour_briefs",
        sa.Column("tour_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in words),
        sa.PrimaryKeyConstraint("tour_id", name="pk_tour_briefs"),
        _to("tour_briefs", "tour_id", "tours"),
    )
    words = ["date_told", "head", "title", "organisation", "country", "host"]
    op.create_table(
        "published_tours",
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("confidence", sa.String(16), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in words),
        sa.Column("displays", sa.JSON, nullable=False),
        sa.Column("guest_book", sa.Boolean),
        sa.Column("gift", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("also", sa.JSON, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tour_id", name="pk_published_tours"),
        _to("published_tours", "tour_id", "tours"),
    )
    _index("published_tours", "key")


def _people() -> None:
    op.create_table(
        "tour_persons",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("precedence", sa.Integer, nullable=False),
        sa.Column("name_official", sa.Text, nullable=False),
        sa.Column("name_language", sa.String(35), nullable=False),
        sa.Column("name_az", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("sort_name", sa.Text, nullable=False),
        sa.Column("short_address", sa.Text, nullable=False),
        sa.Column("positions", sa.JSON, nullable=False),
        sa.Column("affiliation", sa.Text, nullable=False),
        sa.Column("pronunciation", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("do_not_photograph", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tour_persons"),
        _to("tour_persons", "tour_id", "tours"),
    )
    _index("tour_persons", "tour_id")
    op.create_table(
        "tour_staff",
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("duty", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("tour_id", "account_id", "duty", name="pk_tour_staff"),
        _to("tour_staff", "tour_id", "tours"),
        _to("tour_staff", "account_id", "accounts"),
    )
    op.create_table(
        "spoken_languages",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "language", name="pk_spoken_languages"),
        _to("spoken_languages", "account_id", "accounts"),
    )
    op.create_table(
        "interpreters",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_interpreters"),
    )
    op.create_table(
        "tour_interpreters",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("interpreter_id", sa.Integer, nullable=False),
        sa.Column("from_language", sa.String(35), nullable=False),
        sa.Column("to_language", sa.String(35), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("whisper_sets", sa.String(80), nullable=False),
        sa.Column("starts_at", INSTANT),
        sa.Column("ends_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_tour_interpreters"),
        _to("tour_interpreters", "tour_id", "tours"),
        _to("tour_interpreters", "interpreter_id", "interpreters"),
    )
    _index("tour_interpreters", "tour_id", "interpreter_id")


def _stops() -> None:
    op.create_table(
        "tour_stops",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("exhibit_id", sa.Integer),
        sa.Column("exhibition_id", sa.Integer),
        sa.Column("hall_id", sa.Integer),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tour_stops"),
        sa.CheckConstraint(
            "exhibit_id IS NULL OR exhibition_id IS NULL", name="ck_tour_stops_one_thing"
        ),
        _to("tour_stops", "tour_id", "tours"),
        _to("tour_stops", "exhibit_id", "exhibits"),
        _to("tour_stops", "exhibition_id", "exhibitions"),
        _to("tour_stops", "hall_id", "halls", gone="SET NULL"),
    )
    _index("tour_stops", "tour_id", "exhibit_id", "exhibition_id", "hall_id")
    op.create_table(
        "tour_earlier_routes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("stops", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tour_earlier_routes"),
        _to("tour_earlier_routes", "tour_id", "tours"),
        _to("tour_earlier_routes", "account_id", "accounts"),
    )
    _index("tour_earlier_routes", "tour_id", "account_id")
    op.create_table(
        "closures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hall_id", sa.Integer),
        sa.Column("exhibition_id", sa.Integer),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closures"),
        sa.CheckConstraint(
            "hall_id IS NULL OR exhibition_id IS NULL", name="ck_closures_one_place"
        ),
        sa.CheckConstraint("starts_at < ends_at", name="ck_closures_ends_after_it_starts"),
        _to("closures", "hall_id", "halls", gone="CASCADE"),
        _to("closures", "exhibition_id", "exhibitions"),
    )
    _index("closures", "hall_id", "exhibition_id")


def _links() -> None:
    op.create_table(
        "tour_links",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("tour_id", sa.Integer, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_tour_links"),
        sa.UniqueConstraint("token_hash", name="uq_tour_links_token_hash"),
        _to("tour_links", "tour_id", "tours"),
    )
    _index("tour_links", "tour_id")
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feeds_token_hash"),
        _to("calendar_feeds", "account_id", "accounts"),
    )
    _index("calendar_feeds", "account_id")


def _to(
    table: str, column: str, other: str, gone: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=gone
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
