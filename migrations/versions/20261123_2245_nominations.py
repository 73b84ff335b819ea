"""nominations

Activities by nomination, application and invitation: dates, seats kept for affiliations, approvals
and waivers. Every activity that is there becomes one that is open to everybody, without quota and
without approval; every place stays what it was.

Columns are added one by one: neither database copies a table for that.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2245'
down_revision = '20261123_2240'

ORDERS = "('none', 'state_first', 'spmu_first', 'either', 'state_only', 'spmu_only')"
# Plain SQL, because both databases add a column with its check in one sentence.
ACTIVITY = (
    ("title", "VARCHAR(200) NOT NULL DEFAULT ''"),
    ("nomination_opens_at", "{instant}"),
    ("nomination_closes_at", "{instant} CONSTRAINT ck_activity_nominations_open_before_they_close CHECK (nomination_opens_at < nomination_closes_at)"),
    ("decision_at", "{instant}"),
    ("join_until", "{instant}"),
    ("release_at", "{instant}"),
    ("released_at", "{instant}"),
    ("substitute_until", "{instant}"),
    ("access_until", "{instant}"),
    ("archived_at", "{instant}"),
    ("approval_order", f"VARCHAR(40) NOT NULL DEFAULT 'none' CONSTRAINT ck_activity_order CHECK (approval_order IN {ORDERS})"),
    ("second_focal_point", "BOOLEAN NOT NULL DEFAULT FALSE"),
    ("asks_consent", "BOOLEAN NOT NULL DEFAULT FALSE"),
    ("offer_hours", "INTEGER NOT NULL DEFAULT 48 CONSTRAINT ck_activity_offers_last CHECK (offer_hours > 0)"),
    ("common_pool", "BOOLEAN NOT NULL DEFAULT TRUE"),
    ("conditions", "JSON NOT NULL DEFAULT '{{}}'"),
    ("language", "VARCHAR(20) NOT NULL DEFAULT 'en'"),
    ("funding_project", "VARCHAR(120) NOT NULL DEFAULT ''"),
    ("donors", "VARCHAR(400) NOT NULL DEFAULT ''"),
    ("women_target", "INTEGER NOT NULL DEFAULT 30 CONSTRAINT ck_activity_women_target_in_per_cent CHECK (women_target BETWEEN 0 AND 100)"),
)
ENROLMENT = (
    ("nominated_by", "INTEGER CONSTRAINT fk_enrolment_nominated_by REFERENCES person (id)"),
    ("nomination_key", "VARCHAR(64)"),
    ("motivation", "VARCHAR(2000) NOT NULL DEFAULT ''"),
    ("rank", "INTEGER CONSTRAINT ck_enrolment_ranks_from_one CHECK (rank >= 1)"),
    ("waiting_since", "{instant}"),
    ("offered_until", "{instant} CONSTRAINT ck_enrolment_offered_has_its_instant CHECK ((state = 'offered') = (offered_until IS NOT NULL))"),
    ("takes_over_id", "INTEGER CONSTRAINT fk_enrolment_takes_over_id REFERENCES enrolment (id)"),
)


def upgrade() -> None:
    instant = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for table, columns in (("activity", ACTIVITY), ("enrolment", ENROLMENT)):
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(instant=instant)}")
    op.create_index('uq_enrolment_nominated_by_key', 'enrolment', ['nominated_by', 'nomination_key'], unique=True)

    op.create_table('quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('affiliation_id', sa.Integer(), nullable=False),
    sa.Column('guaranteed', sa.Integer(), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=True),
    sa.Column('seats_held', sa.Integer(), nullable=False),
    sa.CheckConstraint('seats_held <= maximum', name=op.f('ck_quota_seats_within_maximum')),
    sa.CheckConstraint('guaranteed <= maximum', name=op.f('ck_quota_guaranteed_within_maximum')),
    sa.CheckConstraint('seats_held >= 0 AND guaranteed >= 0', name=op.f('ck_quota_seats_not_negative')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_quota_activity_id')),
    sa.ForeignKeyConstraint(['affiliation_id'], ['affiliation.id'], name=op.f('fk_quota_affiliation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
    sa.UniqueConstraint('activity_id', 'affiliation_id', name=op.f('uq_quota_activity_id_affiliation_id'))
    )
    op.create_index(op.f('ix_quota_affiliation_id'), 'quota', ['affiliation_id'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('State', 'SPMU', name='side', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('decision', sa.Enum('approved', 'reserved', 'rejected', name='decision', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_code', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_approval_actor_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_approval_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    op.create_index(op.f('ix_approval_enrolment_id'), 'approval', ['enrolment_id'], unique=False)

    op.create_table('waiver',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('condition', sa.Enum('prerequisite', 'language', 'function', 'clash', 'certified', 'suspended', name='condition', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_waiver_actor_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_waiver_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiver')),
    sa.UniqueConstraint('enrolment_id', 'condition', name=op.f('uq_waiver_enrolment_id_condition'))
    )


def downgrade() -> None:
    """Nominations, quotas and decisions are lost; places keep their states."""
    op.drop_table('waiver')
    op.drop_table('approval')
    op.drop_table('quota')
    op.drop_index('uq_enrolment_nominated_by_key', 'enrolment')
    for table, columns in (("enrolment", ENROLMENT), ("activity", ACTIVITY)):
        for name, _kind in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
