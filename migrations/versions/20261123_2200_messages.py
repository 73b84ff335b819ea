"""messages

The outbox, words of administrators for its messages, and which kinds a person wants by mail.
Three empty tables.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2200'
down_revision = '20261123_1853'


def upgrade() -> None:
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=19), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('event', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('token', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sent', 'in_app', 'bounced', 'dead', name='delivery', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=400), nullable=False),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_outbox_sent_has_its_instant')),
    sa.CheckConstraint("state = 'queued' OR token = ''", name=op.f('ck_outbox_token_only_while_queued')),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_outbox_tries_not_negative')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outbox_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('event', 'person_id', name=op.f('uq_outbox_event_person_id')),
    sa.UniqueConstraint('ref', name=op.f('uq_outbox_ref'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_due', ['next_try_at'], unique=False, sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.create_index('ix_outbox_person_id_made_at', ['person_id', 'made_at'], unique=False)

    op.create_table('message_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_message_template_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_template')),
    sa.UniqueConstraint('kind', 'language', name=op.f('uq_message_template_kind_language'))
    )
    op.create_table('message_preference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_preference_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_preference')),
    sa.UniqueConstraint('person_id', 'kind', name=op.f('uq_message_preference_person_id_kind'))
    )


def downgrade() -> None:
    op.drop_table('message_preference')
    op.drop_table('message_template')
    op.drop_table('outbox')
