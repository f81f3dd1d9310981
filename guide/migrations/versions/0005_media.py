"""Media: the files that are kept by their hash, and the pictures and recordings of exhibits."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)
SHOWN = ("exhibit_pictures", "exhibit_recordings")


def upgrade() -> None:
    """Make the tables; what visitors see of them raises the edition."""
    op.create_table(
        "media_files",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("widths", sa.JSON, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_media_files"),
    )
    op.create_table(
        "exhibit_pictures",
        *_of_an_exhibit("exhibit_pictures"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("focus_x", sa.Double, nullable=False),
        sa.Column("focus_y", sa.Double, nullable=False),
        sa.Column("alt", sa.JSON, nullable=False),
        sa.Column("decorative", sa.Text, nullable=False),
        sa.Column("caption", sa.JSON, nullable=False),
    )
    op.create_table(
        "exhibit_recordings",
        *_of_an_exhibit("exhibit_recordings"),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("transcript", sa.Text, nullable=False),
    )
    for table in SHOWN:
        op.create_index(f"ix_{table}_media_hash", table, ["media_hash"])
        _raise_the_edition(table)


def _of_an_exhibit(table: str) -> list[sa.schema.SchemaItem]:
    """Return what pictures and recordings have alike; a file stands once in an exhibit."""
    return [
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("exhibit_id", sa.Integer, nullable=False),
        sa.Column("media_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("credit", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("shown_at", INSTANT),
        sa.Column("removed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("exhibit_id", "media_hash", name=f"uq_{table}_exhibit_id"),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibits.id"], name=f"fk_{table}_exhibit_id_exhibits"
        ),
        sa.ForeignKeyConstraint(
            ["media_hash"], ["media_files.hash"], name=f"fk_{table}_media_hash_media_files"
        ),
    ]


def _raise_the_edition(table: str) -> None:
    for change in ("insert", "update", "delete"):
        name = f"{table}_{change}_raises_the_edition"
        if op.get_bind().dialect.name == "sqlite":
            raise_it = "UPDATE edition SET number = number + 1"
            op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {raise_it}; END")
        else:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {change} ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION raise_the_edition()"
            )
