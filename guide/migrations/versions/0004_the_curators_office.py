"""Texts in the making: drafts, revisions, import runs, and what visitors report.

Visitors read nothing of these tables; planning a publication alone raises the edition, so
that every process learns of its time. What every text says when the tables are made is its
first revision.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
ONLY_GROW = "revisions only grow: none is ever changed or deleted"


def upgrade() -> None:
    """Make the tables, and the first revisions."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, nullable=False),
        *_whose(),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("writers", sa.JSON, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT),
        sa.Column("submitted_by", sa.Integer),
        sa.Column("returned_at", INSTANT),
        sa.Column("returned_by", sa.Integer),
        sa.Column("returned_note", sa.Text, nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("approved_by", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("kind", "owner_id", "language", name="uq_drafts_kind"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, nullable=False),
        *_whose(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("approved_by", sa.Integer),
        sa.Column("run", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint("kind", "owner_id", "language", "number", name="uq_revisions_kind"),
    )
    op.create_index("ix_revisions_run", "revisions", ["run"])
    op.create_index("ix_revisions_at", "revisions", ["at"])
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("exhibit_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("solved_at", INSTANT),
        sa.Column("solved_by", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibits.id"], name="fk_problems_exhibit_id_exhibits"
        ),
    )
    op.create_index("ix_problems_exhibit_id", "problems", ["exhibit_id"])
    op.create_index("ix_problems_at", "problems", ["at"])
    op.create_table(
        "publishing_rules",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("second_person_since", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_publishing_rules"),
    )
    op.execute("INSERT INTO publishing_rules (id) VALUES (1)")
    _keep_what_is_said(datetime.now(UTC))
    _let_revisions_only_grow()
    _tell_of_plans()


def _whose() -> tuple[sa.Column[str], sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
    )


def _keep_what_is_said(at: datetime) -> None:
    """Write the first revision of every text that there is."""
    revisions = sa.table(
        "revisions",
        *(sa.column(name) for name in ("kind", "owner_id", "language", "number", "cause")),
        sa.column("said", sa.JSON),
        sa.column("at", INSTANT),
    )
    rows = [
        {
            "kind": f"{word} text",
            "owner_id": owner_id,
            "language": text.language,
            "number": 1,
            "cause": "imported",
            "said": {
                "name": names.get(text.language, ""),
                "hook": text.hook,
                "look_for": text.look_for,
                "story": text.story,
                "status": text.status,
                "made_from": text.made_from,
            },
            "at": at,
        }
        for word, owners in (
            ("center", "center"),
            ("exhibition", "exhibitions"),
            ("exhibit", "exhibits"),
        )
        for owner_id, names, text in _texts(word, owners)
    ]
    if rows:
        op.bulk_insert(revisions, rows)


def _texts(word: str, owners: str) -> list[tuple[int, dict[str, str], sa.Row[tuple[object]]]]:
    owner = sa.table(owners, sa.column("id"), sa.column("names", sa.JSON))
    names = {row.id: row.names for row in op.get_bind().execute(sa.select(owner))}
    text = sa.table(
        f"{word}_texts",
        *(sa.column(name) for name in (f"{word}_id", "language", "status", "hook", "story")),
        sa.column("look_for", sa.JSON),
        sa.column("made_from", sa.JSON),
    )
    rows = op.get_bind().execute(sa.select(text)).all()
    return [(row[0], names[row[0]], row) for row in rows]


def _let_revisions_only_grow() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER revisions_refuse_{change} BEFORE {change} ON revisions "
                f"BEGIN SELECT RAISE(ABORT, '{ONLY_GROW}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_to_change_a_revision() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{ONLY_GROW}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER revisions_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_a_revision()"
    )


def _tell_of_plans() -> None:
    name, change = "drafts_plan_raises_the_edition", "UPDATE OF due_at ON drafts"
    if op.get_bind().dialect.name == "sqlite":
        raise_it = "UPDATE edition SET number = number + 1"
        op.execute(f"CREATE TRIGGER {name} AFTER {change} BEGIN {raise_it}; END")
    else:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {change} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION raise_the_edition()"
        )
