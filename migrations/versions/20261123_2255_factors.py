"""second factors, and roles with an end

Adds second factors with recovery codes. Sessions learn when
their person last proved who they are and on which device; a session that is open counts as proved
when it began. Grants of a role learn until when they reach, and whether a second administrator
confirmed them; those that are there stay in force. Sessions and grants get a reference, row by
row: about a second for 100,000 of them.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '20261123_2255'
down_revision = '20261123_2250'

ALPHABET = 'abcdefghjklmnpqrstuvwxyz23456789'


def upgrade() -> None:
    op.create_table('second_factor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_second_factor_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor'))
    )
    with op.batch_alter_table('second_factor', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_factor_person_id'), ['person_id'], unique=False)
        for name, state in (('in_use', 'IS NOT NULL'), ('set_up', 'IS NULL')):
            where = sa.text(f'ended_at IS NULL AND confirmed_at {state}')
            batch_op.create_index(f'uq_second_factor_{name}', ['person_id'], unique=True, sqlite_where=where, postgresql_where=where)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('factor_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['factor_id'], ['second_factor.id'], name=op.f('fk_recovery_code_factor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('factor_id', 'code_hash', name=op.f('uq_recovery_code_factor_id_code_hash'))
    )

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ref', sa.String(length=19), nullable=True))
        batch_op.add_column(sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('factor_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('device', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('network', sa.String(length=64), nullable=False, server_default=''))
    op.execute('UPDATE sign_in SET proved_at = started_at')
    give_references('sign_in')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.alter_column('ref', existing_type=sa.String(length=19), nullable=False)
        batch_op.alter_column('proved_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column('device', existing_type=sa.String(length=80), server_default=None)
        batch_op.alter_column('network', existing_type=sa.String(length=64), server_default=None)
        batch_op.create_unique_constraint(batch_op.f('uq_sign_in_ref'), ['ref'])

    op.add_column('person', sa.Column('password_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ref', sa.String(length=19), nullable=True))
        batch_op.add_column(sa.Column('until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('needs_second', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ended_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('end_reason', sa.String(length=400), nullable=False, server_default=''))
    give_references('role_grant')
    op.execute('UPDATE role_grant SET granted_by = NULL WHERE granted_by = person_id')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.alter_column('ref', existing_type=sa.String(length=19), nullable=False)
        batch_op.alter_column('needs_second', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('end_reason', existing_type=sa.String(length=400), server_default=None)
        batch_op.create_unique_constraint(batch_op.f('uq_role_grant_ref'), ['ref'])
        batch_op.create_foreign_key(batch_op.f('fk_role_grant_confirmed_by'), 'person', ['confirmed_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_role_grant_ended_by'), 'person', ['ended_by'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_role_grant_never_to_oneself'), 'granted_by <> person_id')
        batch_op.create_check_constraint(batch_op.f('ck_role_grant_confirmed_by_somebody_else'), 'confirmed_by <> person_id AND confirmed_by <> granted_by')
        batch_op.create_check_constraint(batch_op.f('ck_role_grant_confirmed_by_whom'), '(confirmed_at IS NULL) = (confirmed_by IS NULL)')


def give_references(name: str) -> None:
    table = sa.table(name, sa.column('id'), sa.column('ref'))
    connection = op.get_bind()
    rows = [
        {'key': id, 'new': '-'.join(''.join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))}
        for (id,) in connection.execute(sa.select(table.c.id))
    ]
    if rows:
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam('key')).values(ref=sa.bindparam('new')), rows)


def downgrade() -> None:
    # An earlier release knows neither of these: what must not be in force ends.
    op.execute('UPDATE role_grant SET ended_at = granted_at WHERE ended_at IS NULL AND needs_second AND confirmed_at IS NULL')
    op.execute('UPDATE role_grant SET ended_at = until WHERE ended_at IS NULL AND until <= CURRENT_TIMESTAMP')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        for name in ('never_to_oneself', 'confirmed_by_somebody_else', 'confirmed_by_whom'):
            batch_op.drop_constraint(batch_op.f(f'ck_role_grant_{name}'), type_='check')
        for name in ('confirmed_by', 'ended_by'):
            batch_op.drop_constraint(batch_op.f(f'fk_role_grant_{name}'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_role_grant_ref'), type_='unique')
        for name in ('end_reason', 'ended_by', 'confirmed_by', 'confirmed_at', 'needs_second', 'until', 'ref'):
            batch_op.drop_column(name)
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_sign_in_ref'), type_='unique')
        for name in ('network', 'device', 'factor_at', 'proved_at', 'ref'):
            batch_op.drop_column(name)
    op.drop_column('person', 'password_at')
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
