"""joining

People get a sign-in name, who vouched for them, why they were suspended; addresses are confirmed
before they are theirs alone; invitations get a printed code. Tables for registrations, mail
domains, changes that are decided, and merges. Every row is kept: addresses of before count as
confirmed, accounts with a password as joined, all as vouched for when they were added.

Columns are added in place: copying `person` would break the keys that point at it.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261123_2215'
down_revision = '20261123_2210'

INSTANT = sa.DateTime(timezone=True)
CHECKED = (  # written out, since neither tool adds a named constraint with its column on SQLite
    "ALTER TABLE person ADD COLUMN sign_in_name VARCHAR(60) CONSTRAINT ck_person_sign_in_name_without_case CHECK (sign_in_name = lower(sign_in_name))",
    "ALTER TABLE person ADD COLUMN vouched_by INTEGER CONSTRAINT fk_person_vouched_by REFERENCES person (id)",
    "ALTER TABLE person ADD COLUMN merged_into INTEGER CONSTRAINT fk_person_merged_into REFERENCES person (id)",
    "ALTER TABLE login_token ADD COLUMN made_by INTEGER CONSTRAINT fk_login_token_made_by REFERENCES person (id)",
    "ALTER TABLE login_token ADD COLUMN purpose VARCHAR(40) DEFAULT 'invitation' NOT NULL CONSTRAINT ck_login_token_tokenpurpose CHECK (purpose IN ('invitation', 'recovery'))",
)
PLAIN = {
    "person": (
        sa.Column("family_name_first", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("vouched_at", INSTANT, nullable=True),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("suspended_why", sa.String(length=400), nullable=False, server_default=""),
    ),
    "login_token": (
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", INSTANT, nullable=True),
    ),
    "person_address": (sa.Column("confirmed_at", INSTANT, nullable=True),),
}
WAITS = sa.text("decided_at IS NULL")
CONFIRMED = sa.text("confirmed_at IS NOT NULL")
NOT_UNDONE = sa.text("undone_at IS NULL")


def upgrade() -> None:
    for table, columns in PLAIN.items():
        for column in columns:
            op.add_column(table, column)
    for statement in CHECKED:
        op.execute(statement)
    op.create_index("uq_person_sign_in_name", "person", ["sign_in_name"], unique=True)
    op.create_index("uq_login_token_code_hash", "login_token", ["code_hash"], unique=True)
    op.execute("UPDATE person SET vouched_at = created_at")
    op.execute("UPDATE person SET joined_at = created_at WHERE password_hash IS NOT NULL")
    op.execute(
        "UPDATE person_address SET confirmed_at ="
        " (SELECT created_at FROM person WHERE person.id = person_address.person_id)"
    )
    with op.batch_alter_table("person_address") as batch:
        batch.drop_constraint("uq_person_address_address", type_="unique")
        batch.create_unique_constraint(
            "uq_person_address_person_id_address", ["person_id", "address"]
        )
    op.create_index("ix_person_address_address", "person_address", ["address"])
    op.create_index(
        "uq_person_address_confirmed",
        "person_address",
        ["address"],
        unique=True,
        sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )
    new_tables()


def new_tables() -> None:
    op.create_table(
        "affiliation_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("affiliation_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=200), nullable=False),
        sa.CheckConstraint("domain = lower(domain)", name=op.f("ck_affiliation_domain_domain_without_case")),
        sa.ForeignKeyConstraint(["affiliation_id"], ["affiliation.id"], name=op.f("fk_affiliation_domain_affiliation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation_domain")),
        sa.UniqueConstraint("affiliation_id", "domain", name=op.f("uq_affiliation_domain_affiliation_id_domain")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=19), nullable=False),
        sa.Column("affiliation_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_registration_address_without_case")),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_registration_decided_one_way")),
        sa.ForeignKeyConstraint(["affiliation_id"], ["affiliation.id"], name=op.f("fk_registration_affiliation_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_registration_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_registration_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("ref", name=op.f("uq_registration_ref")),
    )
    op.create_index("ix_registration_affiliation_id", "registration", ["affiliation_id"])
    op.create_index("ix_registration_person_id", "registration", ["person_id"])
    op.create_index("uq_registration_waits", "registration", ["affiliation_id", "address"], unique=True, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "address_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("step", sa.Enum("confirm", "change", name="addressstep", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_address_token_token_hash")),
    )
    op.create_index("ix_address_token_person_id", "address_token", ["person_id"])
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=19), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("name", "affiliation", name="changekind", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("first_at", INSTANT, nullable=True),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_change_request_decided_one_way")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_change_request_decided_by")),
        sa.ForeignKeyConstraint(["first_by"], ["person.id"], name=op.f("fk_change_request_first_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_change_request_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("ref", name=op.f("uq_change_request_ref")),
    )
    op.create_index("ix_change_request_person_id", "change_request", ["person_id"])
    op.create_index("uq_change_request_open", "change_request", ["person_id", "kind"], unique=True, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=19), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two_persons")),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id")),
        sa.ForeignKeyConstraint(["merged_by"], ["person.id"], name=op.f("fk_person_merge_merged_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_person_merge_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_merge_ref")),
    )
    op.create_index("ix_person_merge_kept_id", "person_merge", ["kept_id"])
    op.create_index("ix_person_merge_gone_id", "person_merge", ["gone_id"])
    op.create_index("uq_person_merge_gone", "person_merge", ["gone_id"], unique=True, sqlite_where=NOT_UNDONE, postgresql_where=NOT_UNDONE)


def downgrade() -> None:
    """Addresses that nobody confirmed go: two people may have claimed the same one."""
    for table in ("person_merge", "change_request", "address_token", "registration", "affiliation_domain"):
        op.drop_table(table)
    op.drop_index("uq_person_address_confirmed", "person_address")
    op.drop_index("ix_person_address_address", "person_address")
    op.execute("DELETE FROM person_address WHERE confirmed_at IS NULL")
    with op.batch_alter_table("person_address") as batch:
        batch.drop_constraint("uq_person_address_person_id_address", type_="unique")
        batch.create_unique_constraint("uq_person_address_address", ["address"])
    op.drop_index("uq_login_token_code_hash", "login_token")
    op.drop_index("uq_person_sign_in_name", "person")
    op.drop_column("person_address", "confirmed_at")
    for name in ("code_hash", "wrong_tries", "ended_at", "made_by", "purpose"):
        op.drop_column("login_token", name)
    for name in ("family_name_first", "vouched_at", "joined_at", "suspended_why", "sign_in_name", "vouched_by", "merged_into"):
        op.drop_column("person", name)
