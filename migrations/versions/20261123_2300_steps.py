"""steps

A marked text remembers which steps of the rubric it has; those before have none. Adds a column
with a default, which PostgreSQL does without rewriting the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_2310"
down_revision = "20261123_2300"


def upgrade() -> None:
    with op.batch_alter_table("essay") as essay:
        essay.add_column(sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("essay") as essay:
        essay.alter_column("steps", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("essay") as essay:
        essay.drop_column("steps")
