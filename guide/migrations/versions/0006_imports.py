"""Imports: what each did, step by step, so that it can be taken back.

Visitors read nothing of these tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of runs and of their steps."""
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("file", sa.String(120), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("created", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("same", sa.Integer, nullable=False),
        sa.Column("reverted_at", INSTANT),
        sa.Column("reverted_by", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_import_runs"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_import_runs_account_id_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["reverted_by"], ["accounts.id"], name="fk_import_runs_reverted_by_accounts"
        ),
    )
    op.create_table(
        "import_steps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("writers", sa.JSON),
        sa.Column("saved_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_import_steps"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name="fk_import_steps_run_id_import_runs"
        ),
    )
    op.create_index("ix_import_steps_run_id", "import_steps", ["run_id"])
