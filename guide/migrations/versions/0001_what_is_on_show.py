"""What is on show, in which languages, and the codes that lead there."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables, and the guards that keep printed codes."""
    op.create_table(
        "languages",
        sa.Column("tag", sa.String(35), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("endonym", sa.String, nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("script", sa.String(4), nullable=False),
        sa.Column("digits", sa.String(8), nullable=False),
        sa.Column("fallback", sa.JSON, nullable=False),
        sa.Column("also", sa.JSON, nullable=False),
        sa.Column("switched_off_at", INSTANT),
        sa.PrimaryKeyConstraint("tag", name="pk_languages"),
    )
    op.create_table(
        "center",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("address", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_center"),
    )
    op.create_table(
        "exhibitions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("accent", sa.String(16), nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("names_note", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_exhibitions"),
        sa.UniqueConstraint("slug", name="uq_exhibitions_slug"),
    )
    op.create_table(
        "exhibits",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("exhibition_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("category", sa.String, nullable=False),
        sa.Column("presence", sa.String(16), nullable=False),
        sa.Column("presence_note", sa.JSON, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("names_note", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("related", sa.JSON, nullable=False),
        sa.Column("illustration", sa.JSON),
        sa.Column("off_display_at", INSTANT),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_exhibits"),
        sa.UniqueConstraint("slug", name="uq_exhibits_slug"),
        sa.ForeignKeyConstraint(
            ["exhibition_id"], ["exhibitions.id"], name="fk_exhibits_exhibition_id_exhibitions"
        ),
    )
    op.create_index("ix_exhibits_exhibition_id", "exhibits", ["exhibition_id"])
    _create_texts("center_texts", "center_id", "center")
    _create_texts("exhibition_texts", "exhibition_id", "exhibitions")
    _create_texts("exhibit_texts", "exhibit_id", "exhibits")
    op.create_table(
        "codes",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("exhibit_id", sa.Integer, nullable=False),
        sa.Column("alias_of", sa.String(5)),
        sa.Column("minted_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("code", name="pk_codes"),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibits.id"], name="fk_codes_exhibit_id_exhibits"
        ),
        sa.ForeignKeyConstraint(["alias_of"], ["codes.code"], name="fk_codes_alias_of_codes"),
    )
    op.create_index("ix_codes_exhibit_id", "codes", ["exhibit_id"])
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("exhibit_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("hour", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scans"),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name="fk_scans_code_codes"),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibits.id"], name="fk_scans_exhibit_id_exhibits"
        ),
    )
    _keep_codes()
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
    )
    op.execute("INSERT INTO edition (id, number) VALUES (1, 1)")
    _raise_the_edition()


def _create_texts(table: str, owner: str, owners: str) -> None:
    op.create_table(
        table,
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column(owner, sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("hook", sa.Text, nullable=False),
        sa.Column("look_for", sa.JSON, nullable=False),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("made_from", sa.JSON, nullable=False),
        sa.Column("published_at", INSTANT),
        # The owner first: whose texts there are is asked with every page.
        sa.PrimaryKeyConstraint(owner, "language", name=f"pk_{table}"),
        sa.ForeignKeyConstraint([owner], [f"{owners}.id"], name=f"fk_{table}_{owner}_{owners}"),
    )


def _keep_codes() -> None:
    """Refuse, in the database itself, to delete a printed code or to give it away."""
    message = "a printed code is never deleted and never given to another exhibit"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER codes_are_kept BEFORE DELETE ON codes "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        op.execute(
            f"CREATE TRIGGER codes_stay_with_their_exhibit "
            f"BEFORE UPDATE OF code, exhibit_id ON codes "
            f"WHEN NEW.code <> OLD.code OR NEW.exhibit_id <> OLD.exhibit_id "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION refuse_to_lose_a_code() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER codes_are_kept BEFORE DELETE ON codes "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_lose_a_code()"
    )
    op.execute(
        "CREATE TRIGGER codes_stay_with_their_exhibit "
        "BEFORE UPDATE OF code, exhibit_id ON codes FOR EACH ROW "
        "WHEN (NEW.code <> OLD.code OR NEW.exhibit_id <> OLD.exhibit_id) "
        "EXECUTE FUNCTION refuse_to_lose_a_code()"
    )


def _raise_the_edition() -> None:
    """Raise the edition in the transaction of every change of what visitors read."""
    tables = (
        "languages",
        "center",
        "center_texts",
        "exhibitions",
        "exhibition_texts",
        "exhibits",
        "exhibit_texts",
        "codes",
    )
    raise_it = "UPDATE edition SET number = number + 1"
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            f"CREATE FUNCTION raise_the_edition() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {raise_it}; RETURN NULL; END $$"
        )
    for table in tables:
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
