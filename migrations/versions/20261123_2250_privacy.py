"""privacy

When mail to an address came back.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2250'
down_revision = '20261123_2245'


def upgrade() -> None:
    op.add_column('person_address', sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_outbox_unread', 'outbox', ['person_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))


def downgrade() -> None:
    op.drop_index('ix_outbox_unread', 'outbox')
    with op.batch_alter_table('person_address', schema=None) as batch_op:
        batch_op.drop_column('bounced_at')
