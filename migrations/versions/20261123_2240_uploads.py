"""uploads

Files of people with what became of each row, and why a State nominates fewer women. Three empty
tables.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2240'
down_revision = '20261123_2215'


def upgrade() -> None:
    op.create_table('upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=19), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('affiliation_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('source', sa.LargeBinary(), nullable=True),
    sa.Column('cells', sa.LargeBinary(), nullable=True),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('checked', 'confirmed', 'done', 'cancelled', 'failed', name='uploadstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('all_or_nothing', sa.Boolean(), nullable=False),
    sa.Column('tells', sa.Boolean(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state = 'checked' OR state = 'cancelled' OR confirmed_at IS NOT NULL", name=op.f('ck_upload_applied_only_when_confirmed')),
    sa.CheckConstraint('done >= 0 AND done <= row_count', name=op.f('ck_upload_done_within_the_rows')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_upload_activity_id')),
    sa.ForeignKeyConstraint(['affiliation_id'], ['affiliation.id'], name=op.f('fk_upload_affiliation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_upload_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('ref', name=op.f('uq_upload_ref'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_state'), ['state'], unique=False)

    op.create_table('women_share_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('affiliation_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=400), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_women_share_reason_activity_id')),
    sa.ForeignKeyConstraint(['affiliation_id'], ['affiliation.id'], name=op.f('fk_women_share_reason_affiliation_id')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_women_share_reason_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_women_share_reason'))
    )
    with op.batch_alter_table('women_share_reason', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_women_share_reason_activity_id'), ['activity_id'], unique=False)

    op.create_table('upload_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('upload_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('remarks', sa.JSON(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_upload_row_person_id')),
    sa.ForeignKeyConstraint(['upload_id'], ['upload.id'], name=op.f('fk_upload_row_upload_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload_row')),
    sa.UniqueConstraint('upload_id', 'number', name=op.f('uq_upload_row_upload_id_number'))
    )


def downgrade() -> None:
    op.drop_table('upload_row')
    op.drop_table('women_share_reason')
    op.drop_table('upload')
