"""erasure

Wishes to be forgotten, days on which periods of keeping were carried out, and two instants: when a
person was erased, and when the answers of an attempt were. Cheap: empty tables and columns.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2330'
down_revision = '20261123_2310'


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=19), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_by', sa.Integer(), nullable=True),
    sa.Column('second_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=400), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.CheckConstraint('first_by <> second_by', name=op.f('ck_erasure_two_administrators')),
    sa.CheckConstraint('erased_at IS NULL OR ended_at IS NOT NULL', name=op.f('ck_erasure_erased_is_ended')),
    sa.ForeignKeyConstraint(['first_by'], ['person.id'], name=op.f('fk_erasure_first_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id')),
    sa.ForeignKeyConstraint(['second_by'], ['person.id'], name=op.f('fk_erasure_second_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('ref', name=op.f('uq_erasure_ref'))
    )
    op.create_index(op.f('ix_erasure_person_id'), 'erasure', ['person_id'], unique=False)
    op.create_index('uq_erasure_open', 'erasure', ['person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('retention_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_run'))
    )
    op.create_index(op.f('ix_retention_run_at'), 'retention_run', ['at'], unique=False)
    op.add_column('person', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempt', sa.Column('answers_erased_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('attempt', 'answers_erased_at')
    op.drop_column('person', 'erased_at')
    op.drop_table('retention_run')
    op.drop_table('erasure')
