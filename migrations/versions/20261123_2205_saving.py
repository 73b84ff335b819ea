"""answers by sequence, extra time, late answers, visits

Answers learn which open page they came from; attempts their extra time, how far a forward-only one
went, and which session answers. Nothing is lost either way but what the new tables hold.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2205'
down_revision = '20261123_2200'

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('person', sa.Column('extra_time', sa.String(length=80), nullable=False, server_default='1'))
    op.add_column('answer', sa.Column('device', sa.String(length=16), nullable=False, server_default=''))
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('factor', sa.String(length=80), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('extra_minutes', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('reached', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('held_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('held_at', INSTANT, nullable=True))
        batch_op.drop_constraint(op.f('ck_attempt_ending'), type_='check')
        batch_op.create_check_constraint('ending', "ending IN ('button', 'time', 'close', 'staff')")
    op.execute(
        'UPDATE attempt SET reached = 1 + (SELECT count(*) FROM answer WHERE answer.attempt_id = attempt.id)'
    )
    op.create_table('late_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=100), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=16), nullable=False),
    sa.Column('received_at', INSTANT, nullable=False),
    sa.Column('accepted_at', INSTANT, nullable=True),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('replaced', sa.JSON(), nullable=True),
    sa.CheckConstraint('(accepted_at IS NULL) = (accepted_by IS NULL)', name=op.f('ck_late_answer_accepted_has_its_person')),
    sa.ForeignKeyConstraint(['accepted_by'], ['person.id'], name=op.f('fk_late_answer_accepted_by')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_late_answer_attempt_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_answer')),
    sa.UniqueConstraint('attempt_id', 'question_id', name=op.f('uq_late_answer_attempt_id_question_id'))
    )
    op.create_table('attempt_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=200), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.CheckConstraint('(attempt_id IS NULL) = (minutes = 0)', name=op.f('ck_attempt_grant_minutes_or_an_attempt')),
    sa.CheckConstraint('minutes >= 0', name=op.f('ck_attempt_grant_minutes_not_negative')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_attempt_grant_actor_id')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_grant_attempt_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_attempt_grant_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_grant'))
    )
    op.create_index('ix_attempt_grant_enrolment_id_unit_key', 'attempt_grant', ['enrolment_id', 'unit_key'])
    op.create_table('activity_time',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=200), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_activity_time_minutes_above_zero')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_activity_time_activity_id')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_activity_time_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity_time'))
    )
    op.create_index(op.f('ix_activity_time_activity_id'), 'activity_time', ['activity_id'])
    op.create_table('attempt_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('session', sa.Integer(), nullable=False),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_visit_attempt_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_visit')),
    sa.UniqueConstraint('attempt_id', 'number', name=op.f('uq_attempt_visit_attempt_id_number'))
    )


def downgrade() -> None:
    for table in ('attempt_visit', 'activity_time', 'attempt_grant', 'late_answer'):
        op.drop_table(table)
    op.execute("UPDATE attempt SET ending = 'time' WHERE ending IN ('close', 'staff')")
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_attempt_ending'), type_='check')
        batch_op.create_check_constraint('ending', "ending IN ('button', 'time')")
        for column in ('held_at', 'held_by', 'reached', 'extra_minutes', 'factor'):
            batch_op.drop_column(column)
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_column('device')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('extra_time')
