"""Words and vocabularies, and a bin for what is removed.

Visitors read the glossary: its changes raise the edition as those of texts do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; give exhibits and exhibitions the date on which they were removed."""
    _keep(
        "glossary",
        sa.Column("meanings", sa.JSON, nullable=False),
        sa.Column("unread", sa.JSON, nullable=False),
    )
    _keep("vocabularies", sa.Column("terms", sa.JSON, nullable=False))
    op.add_column("exhibits", sa.Column("removed_at", INSTANT))
    op.add_column("exhibitions", sa.Column("removed_at", INSTANT))
    _raise_the_edition("glossary")


def _keep(table: str, *columns: sa.Column[object]) -> None:
    """Make a table of things that go into the bin, whose numbers are never given twice."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("removed_at", INSTANT),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("slug", name=f"uq_{table}_slug"),
        sqlite_autoincrement=True,
    )


def _raise_the_edition(table: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for change in ("insert", "update", "delete"):
        name = f"{table}_{change}_raises_the_edition"
        if is_sqlite:
            raise_it = "UPDATE edition SET number = number + 1"
            op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {raise_it}; END")
        else:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {change} ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION raise_the_edition()"
            )
