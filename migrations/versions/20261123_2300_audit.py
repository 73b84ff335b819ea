"""audit

When the audit log was checked. Triggers refuse to put another audit entry over one that is there
(SQLite's INSERT OR REPLACE) and to take its head away.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2300'
down_revision = '20261123_2255'


def upgrade() -> None:
    op.create_table('audit_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_check'))
    )
    op.create_index(op.f('ix_audit_check_at'), 'audit_check', ['at'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER audit_entry_never_replaced BEFORE INSERT ON audit_entry "
            "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'audit_entry is never replaced'); END")
        op.execute("CREATE TRIGGER audit_head_never_deleted BEFORE DELETE ON audit_head "
            "BEGIN SELECT RAISE(ABORT, 'audit_head is never deleted'); END")
    else:
        op.execute("CREATE TRIGGER audit_head_never_deleted BEFORE DELETE ON audit_head "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute("CREATE TRIGGER audit_head_never_emptied BEFORE TRUNCATE ON audit_head "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER audit_entry_never_replaced')
        op.execute('DROP TRIGGER audit_head_never_deleted')
    else:
        op.execute('DROP TRIGGER audit_head_never_deleted ON audit_head')
        op.execute('DROP TRIGGER audit_head_never_emptied ON audit_head')
    op.drop_table('audit_check')
