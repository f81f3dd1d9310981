"""Migrations run in the transaction of the connection that is handed in, on both databases."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    transactional_ddl=True,  # true of SQLite too, once BEGIN is said by us
    transaction_per_migration=False,
)
context.run_migrations()
