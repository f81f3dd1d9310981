"""Halls, the way between them, the plan, and routes through exhibits.

No hall is known when the tables are made: what stands where is told by the content and by
curators. Whatever visitors read of it raises the edition.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables, and let exhibitions and exhibits name a hall."""
    op.create_table(
        "halls",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("floor", sa.Integer, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("place", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_halls"),
        sa.UniqueConstraint("slug", name="uq_halls_slug"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hall_ways",
        sa.Column("hall_id", sa.Integer, nullable=False),
        sa.Column("other_id", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hall_id", "other_id", name="pk_hall_ways"),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name="fk_hall_ways_hall_id_halls"),
        sa.ForeignKeyConstraint(["other_id"], ["halls.id"], name="fk_hall_ways_other_id_halls"),
        sa.CheckConstraint("hall_id < other_id", name="ck_hall_ways_kept_once"),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("svg", sa.Text, nullable=False),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_table(
        "routes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_routes"),
        sa.UniqueConstraint("slug", name="uq_routes_slug"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "route_stops",
        sa.Column("route_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("exhibit_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("route_id", "number", name="pk_route_stops"),
        sa.ForeignKeyConstraint(
            ["route_id"], ["routes.id"], name="fk_route_stops_route_id_routes"
        ),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibits.id"], name="fk_route_stops_exhibit_id_exhibits"
        ),
    )
    op.create_index("ix_route_stops_exhibit_id", "route_stops", ["exhibit_id"])
    for table in ("exhibitions", "exhibits"):
        # In words that both databases take: SQLite adds no constraint to a table that is there.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN hall_id INTEGER "
            f"CONSTRAINT fk_{table}_hall_id_halls REFERENCES halls (id)"
        )
        op.create_index(f"ix_{table}_hall_id", table, ["hall_id"])
    _raise_the_edition()


def _raise_the_edition() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    raise_it = "UPDATE edition SET number = number + 1"
    for table in ("halls", "plan", "routes", "route_stops"):
        for change in ("insert", "update", "delete"):
            name = f"{table}_{change}_raises_the_edition"
            if is_sqlite:
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {raise_it}; END"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {change} ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION raise_the_edition()"
                )
