"""A quiz day: officers start, answer and hand in over HTTP; nothing acknowledged may be missing.

The real server (`lms serve`) runs in a process of its own. With --kills it is ended by SIGKILL that
often in the middle and started again; officers retry as the script of the attempt does, with the
same number. Prints saves a second, the 50th, 95th and 99th percentile of a save in milliseconds,
and how many acknowledged answers are not in the database: 0.

    python benchmarks/quiz_day.py [--officers 500] [--answers 20] [--thought 2] [--kills 10]
                                  [--database postgresql://user@host/name]
"""

import argparse
import asyncio
import hashlib
import hmac
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from config import Config
from lms import clock
from lms.app import create_app
from lms.content.reading import read_course
from lms.database import db, transaction
from lms.features.admin.actions import load_affiliations
from lms.features.authoring import actions as authoring
from lms.features.learning import actions as learning
from lms.models import (
    Activity,
    Affiliation,
    Answer,
    Attempt,
    Course,
    Enrolment,
    Person,
    Route,
    SignIn,
)
from lms.rules.access import Role
from lms.rules.references import new_reference
from lms.web import migrating

KEY = "of this benchmark alone and of nothing else 0123456789"
COURSE = """---
title: A quiz day
summary: One quiz.
language: en
programme: democratic-policing
code: SPMU-BENCH-01
subject: policing
level: basic
format: self_paced
hours: 1
handling: TLP:CLEAR
audience: [police]
objectives:
  LO1: Answer.
completion:
  quizzes: [day]
certificate:
  title: Certificate of Completion
  valid_for: 4 years
  show_name: initials
  signatory: {name: Head of the Unit, function: OSCE Secretariat}
contact: spmu@example.org
licence: CC-BY-4.0
---
For measuring.
"""
HEAD = (
    "---\ntitle: Day\nkind: formative\nattempts: 0\ntime_limit: 90 min\nshuffle: [options]\n---\n"
)
QUESTION = "## Question {n}? {{#q{n}}}\n\n- (x) One\n- ( ) Two\n- ( ) Three\n- ( ) Four\n\n"
RETRY = 0.2  # seconds until the first retry; it doubles up to RETRY_MOST
RETRY_MOST = 2.0


@dataclass
class Officer:
    cookie: str
    place: str
    ref: str = ""
    acknowledged: dict[int, tuple[int, str]] = field(default_factory=dict)  # number → what stands
    handed_in: bool = False


@dataclass
class Day:
    """What is counted."""

    port: int
    saves: list[float] = field(default_factory=list)  # seconds each
    others: list[float] = field(default_factory=list)
    retries: int = 0
    handed_in: int = 0


class Line:
    """One browser's connection, opened again when it breaks."""

    def __init__(self, day: Day, cookie: str) -> None:
        self.day, self.cookie = day, cookie
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.token = hmac.new(KEY.encode(), b"csrf" + cookie.encode(), hashlib.sha256).hexdigest()

    async def ask(
        self, path: str, fields: Mapping[str, object] | None = None
    ) -> tuple[int, str, bytes, float]:
        """(status, where it leads, body, seconds); OSError when there is no answer."""
        begun = time.perf_counter()
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.day.port)
        assert self.reader is not None
        body = b""
        if fields is not None:
            body = urlencode({**fields, "csrf_token": self.token}).encode()
        head = (
            f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self.day.port}\r\nCookie: lms={self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            self.writer.write(head.encode() + body)
            await self.writer.drain()
            status, headers = await self._head()
            content = await self.reader.readexactly(int(headers.get("content-length", 0)))
        except (OSError, asyncio.IncompleteReadError, ValueError) as broken:
            self.close()
            raise OSError(str(broken)) from None
        if headers.get("connection") == "close":
            self.close()
        return status, headers.get("location", ""), content, time.perf_counter() - begun

    async def _head(self) -> tuple[int, dict[str, str]]:
        assert self.reader is not None
        first = await self.reader.readline()
        if not first:
            raise OSError("the server is gone")
        headers = {}
        while (row := await self.reader.readline()) not in (b"\r\n", b""):
            name, _, value = row.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return int(first.split()[1]), headers

    def close(self) -> None:
        if self.writer is not None:
            with suppress(Exception):
                self.writer.close()
        self.reader = self.writer = None

    async def surely(
        self, path: str, fields: Mapping[str, object] | None = None
    ) -> tuple[int, str, bytes, float]:
        """Ask until there is an answer."""
        wait = RETRY
        while True:
            with suppress(OSError):
                answer = await self.ask(path, fields)
                if answer[0] < 500:
                    return answer
            self.day.retries += 1
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(wait * 2, RETRY_MOST)


async def take(day: Day, one: Officer, answers: int, thought: float, begin: float) -> None:
    """One officer's way through the quiz."""
    await asyncio.sleep(begin)
    line = Line(day, one.cookie)
    status, to, _, took = await line.surely("/attempts", {"place": one.place, "unit": "day"})
    assert status == 303, status
    day.others.append(took)
    one.ref = to.split("/")[2]
    status, _, _, took = await line.surely(f"/attempts/{one.ref}/1")
    assert status == 200, status
    day.others.append(took)
    for number in range(1, answers + 1):
        if thought:
            await asyncio.sleep(thought * random.uniform(0.5, 1.5))
        fields = {"number": number, "sequence": number, "device": "laptop"}
        place = str(random.randrange(4))
        status, _, body, took = await line.surely(
            f"/attempts/{one.ref}/answers", {**fields, "a": place}
        )
        assert status == 200, (status, body)
        assert b'"kept":true' in body.replace(b" ", b""), body
        one.acknowledged[number] = (number, place)
        day.saves.append(took)
    status, _, _, took = await line.surely(f"/attempts/{one.ref}/check", {})
    assert status == 303, status
    day.others.append(took)
    one.handed_in = True
    day.handed_in += 1
    line.close()


class Server:
    """`lms serve`, which can be killed and started again on the same port."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.env = {**env, "LMS_BASE_URL": f"http://127.0.0.1:{self.port}"}
        self.log = log.open("a")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        code = "from lms.app import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--port", str(self.port)],
            env=self.env,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def ready(self, day: Day) -> None:
        await Line(day, "x" * 43).surely("/healthz")


async def kill_often(server: Server, day: Day, kills: int, whole: int) -> None:
    """SIGKILL after each further part of the saves, and start again."""
    for done in range(1, kills + 1):
        while len(day.saves) < whole * done // (kills + 1):
            await asyncio.sleep(0.05)
        server.kill()
        server.start()


def prepared(app: Flask, officers: int, answers: int) -> list[Officer]:
    """A course with a quiz, and signed-in officers with a place."""
    now = clock.now()
    quiz = HEAD + "".join(QUESTION.format(n=n) for n in range(1, answers + 1))
    files = {"course.md": COURSE.encode(), "day.quiz.md": quiz.encode()}
    value = read_course(files, "day").course
    assert value is not None
    with app.app_context():
        migrating.upgrade(db.engine)
        load_affiliations()
        authoring.publish(value, files, now=now)
        with transaction() as session:
            course = session.scalars(select(Course)).one()
            session.add(
                Activity(
                    course_id=course.id,
                    slug="day-2026-12",
                    route=Route.OPEN,
                    begins_at=now - timedelta(days=1),
                    ends_at=now + timedelta(days=30),
                    created_at=now,
                )
            )
            home = session.scalars(select(Affiliation.id).limit(1)).one()
            people = [
                Person(
                    ref=new_reference(secrets.token_bytes(10)),
                    given_name="Officer",
                    family_name=str(number),
                    affiliation_id=home,
                    created_at=now,
                    sign_in_name=f"officer{number}",
                )
                for number in range(officers)
            ]
            session.add_all(people)
            session.flush()
            cookies = [secrets.token_urlsafe(32) for _ in people]
            session.add_all(
                SignIn(
                    id_hash=hashlib.sha256(cookie.encode()).hexdigest(),
                    person_id=person.id,
                    role=Role.OFFICER,
                    started_at=now,
                    last_seen=now,
                    proved_at=now,
                )
                for person, cookie in zip(people, cookies, strict=True)
            )
            ids = [person.id for person in people]
        made = []
        for person_id, cookie in zip(ids, cookies, strict=True):
            place = learning.take_place(person_id, "day", "day-2026-12", now=now)
            ref = db.session.scalars(select(Enrolment.ref).filter_by(id=place)).one()
            made.append(Officer(cookie, ref))
        db.session.remove()
    return made


def missing(app: Flask, officers: list[Officer]) -> tuple[int, int, int]:
    """(acknowledged, of them not in the database, attempts handed in there)."""
    with app.app_context():
        rows = db.session.execute(
            select(Attempt.ref, Answer.question_id, Answer.sequence, Attempt.drawn).join(
                Answer, Answer.attempt_id == Attempt.id
            )
        ).all()
        held = {(row[0], row[3].index(row[1]) + 1): row[2] for row in rows}
        closed = db.session.scalar(
            select(func.count(Attempt.id)).where(Attempt.handed_in_at.is_not(None))
        )
    lost = all_ = 0
    for one in officers:
        for number, (sequence, _place) in one.acknowledged.items():
            all_ += 1
            lost += held.get((one.ref, number), 0) != sequence
    return all_, lost, closed or 0


def percentile(values: list[float], share: float) -> float:
    """The value that this share does not exceed, in milliseconds."""
    ranked = sorted(values)
    return 1000 * ranked[min(int(len(ranked) * share), len(ranked) - 1)]


async def run(server: Server, officers: list[Officer], args: argparse.Namespace) -> Day:
    day = Day(server.port)
    server.start()
    await server.ready(day)
    day.retries = 0
    begun = time.perf_counter()
    ramp = args.ramp if args.ramp is not None else max(args.thought, 0) * 2
    work = [take(day, one, args.answers, args.thought, random.uniform(0, ramp)) for one in officers]
    if args.kills:
        work.append(kill_often(server, day, args.kills, len(officers) * args.answers))
    await asyncio.gather(*work)
    took = time.perf_counter() - begun
    print(
        f"{len(officers)} officers, {args.answers} answers each, {args.thought:g} s of thought,"
        f" {args.kills} kills: {took:.1f} s"
    )
    print(
        f"{len(day.saves) / took:.0f} saves/s   p50 {percentile(day.saves, 0.5):.0f} ms"
        f"   p95 {percentile(day.saves, 0.95):.0f} ms   p99 {percentile(day.saves, 0.99):.0f} ms"
        f"   start, page, hand in: p95 {percentile(day.others, 0.95):.0f} ms"
        f"   retries {day.retries}"
    )
    return day


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--officers", type=int, default=500)
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--thought", type=float, default=2, help="seconds before each answer")
    parser.add_argument("--ramp", type=float, help="seconds within which all officers begin")
    parser.add_argument("--kills", type=int, default=0, help="SIGKILLs in the middle")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
        env |= {"LMS_DATA": folder, "LMS_SECRET_KEY": KEY, "LMS_DATABASE_URL": args.database}
        app = create_app(Config.from_environment(env))
        officers = prepared(app, args.officers, args.answers)
        server = Server(env, Path(folder) / "log")
        try:
            asyncio.run(run(server, officers, args))
        finally:
            server.kill()
        all_, lost, closed = missing(app, officers)
        print(f"{all_} answers acknowledged, {lost} missing; {closed} attempts handed in")
        if lost or closed != len(officers):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
