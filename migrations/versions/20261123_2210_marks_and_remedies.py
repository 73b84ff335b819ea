"""marks and remedies

Texts that wait for a trainer get a row each, those handed in before too; remedies for wrong keys
and what they did to each attempt get their tables. Adds a column to `course`, which PostgreSQL
does without rewriting the table.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from lms.rules.references import new_reference

revision = '20261123_2210'
down_revision = '20261123_2205'


def upgrade() -> None:
    with op.batch_alter_table("course") as course:
        course.add_column(
            sa.Column("hides_names", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("course") as course:
        course.alter_column("hides_names", server_default=None)
    op.create_table(
        "essay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=19), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points", sa.String(length=80), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "marked_at IS NULL OR (points IS NOT NULL AND marked_by IS NOT NULL)",
            name=op.f("ck_essay_marked_has_points_and_a_marker"),
        ),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)",
            name=op.f("ck_essay_claim_has_its_end"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_essay_attempt_id")),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name=op.f("fk_essay_claimed_by")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_essay_marked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay")),
        sa.UniqueConstraint("ref", name=op.f("uq_essay_ref")),
        sa.UniqueConstraint(
            "attempt_id", "question_id", name=op.f("uq_essay_attempt_id_question_id")
        ),
    )
    op.create_index(op.f("ix_essay_attempt_id"), "essay", ["attempt_id"])
    op.create_index("ix_essay_waiting", "essay", ["marked_at", "attempt_id"])
    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=19), nullable=False),
        sa.Column("once", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("unit_key", sa.String(length=200), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum(
                "new_key",
                "accept",
                "full_marks",
                "drop",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lowers", sa.Boolean(), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "declined",
                name="regradestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT lowers OR state IN ('waiting', 'declined') OR confirmed_by IS NOT NULL",
            name=op.f("ck_regrade_lowering_has_a_second_person"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by",
            name=op.f("ck_regrade_second_person_is_another"),
        ),
        sa.CheckConstraint(
            "(remedy IN ('new_key', 'accept')) = (key IS NOT NULL)",
            name=op.f("ck_regrade_key_where_one_is_used"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_regrade_course_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_regrade_asked_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_regrade_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.UniqueConstraint("ref", name=op.f("uq_regrade_ref")),
        sa.UniqueConstraint("once", name=op.f("uq_regrade_once")),
    )
    op.create_index("ix_regrade_question", "regrade", ["course_id", "unit_key", "question_id"])
    op.create_table(
        "regraded",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "changed",
                "same",
                "kept",
                name="regradeoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regraded_regrade_id")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_regraded_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regraded")),
        sa.UniqueConstraint(
            "regrade_id", "attempt_id", name=op.f("uq_regraded_regrade_id_attempt_id")
        ),
    )
    op.create_index(op.f("ix_regraded_attempt_id"), "regraded", ["attempt_id"])
    open_waiting_texts(op.get_bind())


def open_waiting_texts(connection: sa.Connection) -> None:
    """A row for each text of the attempts that wait for a trainer."""
    unit = sa.table(
        "unit",
        sa.column("id"),
        sa.column("release_id"),
        sa.column("key"),
        sa.column("kind"),
        sa.column("facts", sa.JSON),
    )
    attempt = sa.table(
        "attempt",
        sa.column("id"),
        sa.column("unit_id"),
        sa.column("drawn", sa.JSON),
        sa.column("handed_in_at"),
    )
    question = sa.table(
        "question", sa.column("unit_id"), sa.column("question_id"), sa.column("body", sa.JSON)
    )
    answer = sa.table(
        "answer",
        sa.column("attempt_id"),
        sa.column("question_id"),
        sa.column("value", sa.JSON),
    )
    grade = sa.table("grade", sa.column("attempt_id"))
    essay = sa.table(
        "essay",
        sa.column("ref"),
        sa.column("attempt_id"),
        sa.column("question_id"),
        sa.column("comment"),
    )
    waiting = connection.execute(
        sa.select(attempt.c.id, attempt.c.drawn, unit.c.release_id, unit.c.key, unit.c.facts)
        .join(unit, unit.c.id == attempt.c.unit_id)
        .where(
            attempt.c.handed_in_at.is_not(None),
            unit.c.kind != "survey",
            ~sa.exists().where(grade.c.attempt_id == attempt.c.id),
        )
    ).all()
    for row in waiting:
        pool = (row.facts["rules"].get("pool") or row.key).partition("#")[0]
        asked = connection.execute(
            sa.select(question.c.question_id, question.c.body, answer.c.value)
            .join(unit, unit.c.id == question.c.unit_id)
            .join(
                answer,
                (answer.c.question_id == question.c.question_id)
                & (answer.c.attempt_id == row.id),
            )
            .where(unit.c.release_id == row.release_id, unit.c.key == pool)
        )
        for one in asked:
            text = one.value.get("text", "").strip()
            if one.body["type"] == "essay" and one.question_id in row.drawn and text:
                connection.execute(
                    essay.insert().values(
                        ref=new_reference(secrets.token_bytes(10)),
                        attempt_id=row.id,
                        question_id=one.question_id,
                        comment="",
                    )
                )


def downgrade() -> None:
    op.drop_table("regraded")
    op.drop_table("regrade")
    op.drop_table("essay")
    with op.batch_alter_table("course") as course:
        course.drop_column("hides_names")
