"""Labels as things: what carries each code, its prints, and what was found at the wall.

None of the new tables raises the edition: visitors read nothing of them. A code may now lead
to an exhibition, as a poster's does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)
KEPT = "a printed code is never deleted and never given to another exhibit or exhibition"
ONLY_GROW = "prints and checks only grow: none is ever changed or deleted"


def upgrade() -> None:
    """Give every code a label, and let codes and their scans stand for an exhibition."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = _triggers_of_codes() if is_sqlite else []
    for table in ("codes", "scans"):
        _let_stand_for_an_exhibition(table)
    for trigger in triggers:  # SQLite has dropped them with the table that was rebuilt
        op.execute(trigger)
    op.create_table(
        "labels",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("carrier", sa.String(8), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_labels"),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name="fk_labels_code_codes"),
    )
    op.execute("INSERT INTO labels (code, carrier, place) SELECT code, 'print', '' FROM codes")
    _create_log(
        "prints",
        sa.Column("stock", sa.String(40), nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("design", sa.Integer, nullable=False),
        sa.Column("titles", sa.JSON, nullable=False),
    )
    _create_log(
        "checks",
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    if is_sqlite:
        _guard_sqlite()
    else:
        _guard_postgresql()


def _let_stand_for_an_exhibition(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.alter_column("exhibit_id", existing_type=sa.Integer, nullable=True)
        batch.add_column(sa.Column("exhibition_id", sa.Integer))
        batch.create_foreign_key(
            f"fk_{table}_exhibition_id_exhibitions", "exhibitions", ["exhibition_id"], ["id"]
        )
        batch.create_check_constraint(
            f"ck_{table}_one_destination", "(exhibit_id IS NULL) <> (exhibition_id IS NULL)"
        )


def _create_log(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Integer),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["code"], ["labels.code"], name=f"fk_{table}_code_labels"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=f"fk_{table}_account_id_accounts"
        ),
    )
    op.create_index(f"ix_{table}_code", table, ["code", "id"])


def _triggers_of_codes() -> list[str]:
    """Return the statements that made them, but for the guard that is made anew below."""
    asked = sa.text(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'codes' "
        "AND name <> 'codes_stay_with_their_exhibit'"
    )
    return [*op.get_bind().scalars(asked)]


def _guard_sqlite() -> None:
    op.execute(
        f"CREATE TRIGGER codes_stay_with_their_exhibit "
        f"BEFORE UPDATE OF code, exhibit_id, exhibition_id ON codes "
        f"WHEN NEW.code <> OLD.code OR NEW.exhibit_id IS NOT OLD.exhibit_id "
        f"OR NEW.exhibition_id IS NOT OLD.exhibition_id "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    op.execute(
        f"CREATE TRIGGER labels_are_kept BEFORE DELETE ON labels "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    op.execute(
        f"CREATE TRIGGER labels_stay_with_their_code "
        f"BEFORE UPDATE OF code, carrier ON labels "
        f"WHEN NEW.code <> OLD.code OR NEW.carrier <> OLD.carrier "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    for table in ("prints", "checks"):
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{ONLY_GROW}'); END"
            )


def _guard_postgresql() -> None:
    op.execute("DROP TRIGGER codes_stay_with_their_exhibit ON codes")
    op.execute(
        "CREATE TRIGGER codes_stay_with_their_exhibit "
        "BEFORE UPDATE OF code, exhibit_id, exhibition_id ON codes FOR EACH ROW "
        "WHEN (NEW.code <> OLD.code OR NEW.exhibit_id IS DISTINCT FROM OLD.exhibit_id "
        "OR NEW.exhibition_id IS DISTINCT FROM OLD.exhibition_id) "
        "EXECUTE FUNCTION refuse_to_lose_a_code()"
    )
    op.execute(
        "CREATE TRIGGER labels_are_kept BEFORE DELETE ON labels "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_lose_a_code()"
    )
    op.execute(
        "CREATE TRIGGER labels_stay_with_their_code "
        "BEFORE UPDATE OF code, carrier ON labels FOR EACH ROW "
        "WHEN (NEW.code <> OLD.code OR NEW.carrier <> OLD.carrier) "
        "EXECUTE FUNCTION refuse_to_lose_a_code()"
    )
    op.execute(
        f"CREATE FUNCTION refuse_to_change_a_log() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{ONLY_GROW}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ("prints", "checks"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_a_log()"
        )
