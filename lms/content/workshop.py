"""Rendering in a process apart: text that takes too long or too much is refused, and no more.

One worker is kept per process. It is a program of its own, not a fork: it knows no secret of ours,
gets its work as JSON, and ends when its input does. A job has two seconds of processor time and
256 MB; a worker that goes over dies, the job is refused, the next one gets a new worker.
"""

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from lms.content.limits import TooMuch, fullest_line
from lms.content.rendering import (
    Heading,
    Media,
    Rendered,
    Surroundings,
    render,
    render_inline,
    render_stem,
)
from lms.content.structure import Difference, differences

SECONDS = 2.0  # of processor time for one job
MEMORY = 256 * 1024 * 1024  # bytes of address space beyond what the idle worker has
PATIENCE = 60.0  # seconds by the clock, for a worker that neither works nor answers
PROGRAM = "from lms.content.workshop import work; work()"

Message = dict[str, Any]


def render_apart(markdown: str, surroundings: Surroundings | None = None) -> Rendered:
    """As `render`, in the worker. Raises TooMuch."""
    return _rendered(_WORKSHOP.do("render", markdown, surroundings))


def render_inline_apart(markdown: str, surroundings: Surroundings | None = None) -> Rendered:
    """As `render_inline`, in the worker. Raises TooMuch."""
    return _rendered(_WORKSHOP.do("inline", markdown, surroundings))


def render_stem_apart(
    body: str, surroundings: Surroundings | None = None, gaps: Sequence[str] = ()
) -> Rendered:
    """As `render_stem`, in the worker. Raises TooMuch."""
    return _rendered(_WORKSHOP.do("stem", body, surroundings, gaps))


def differences_apart(markdown: str) -> Sequence[Difference]:
    """As `differences`, in the worker. Raises TooMuch."""
    found = _WORKSHOP.do("differences", markdown, None)
    return tuple(Difference(**one) for one in found["differences"])


def _rendered(found: Message) -> Rendered:
    headings = tuple(Heading(**heading) for heading in found["headings"])
    return Rendered(found["html"], headings, tuple(found["terms"]), found["words"])


# our side -------------------------------------------------------------------------------------


class Workshop:
    """A worker and the lock before it; threads wait for their turn."""

    def __init__(self, program: str = PROGRAM) -> None:
        self.program = program
        self.worker: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def do(
        self,
        job: str,
        markdown: str,
        surroundings: Surroundings | None,
        gaps: Sequence[str] = (),
    ) -> Message:
        """Have a job done. Raises TooMuch, or RuntimeError with what went wrong in the worker."""
        around = surroundings or Surroundings()
        with self.lock:
            worker = self._worker()
            clock = threading.Timer(PATIENCE, worker.kill)
            clock.daemon = True
            clock.start()
            try:
                answer = _talk(worker, _job(job, markdown, around, gaps), around)
            except (OSError, EOFError):
                raise self._why_gone(markdown) from None
            except BaseException:
                self.end()  # it still waits for an answer
                raise
            finally:
                clock.cancel()
        if refused := answer.get("too_much"):
            raise TooMuch(*refused)
        if failed := answer.get("failed"):
            raise RuntimeError(failed)
        return answer

    def _worker(self) -> "subprocess.Popen[bytes]":
        if self.worker is None or self.worker.poll() is not None:
            self.end()
            # None of our environment: it may hold keys.
            paths = os.pathsep.join(path for path in sys.path if path)
            self.worker = subprocess.Popen(
                [sys.executable, "-c", self.program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": paths, "PYTHONUTF8": "1"},
                cwd=Path(__file__).parents[2],
            )
        return self.worker

    def _why_gone(self, markdown: str) -> Exception:
        """What to say of a worker that went away in the middle of a job."""
        worker = cast("subprocess.Popen[bytes]", self.worker)
        with suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=5)
        self.end()
        if worker.returncode >= 0:  # it was not ended by a limit, it never worked
            return RuntimeError(f"the rendering worker ended with status {worker.returncode}")
        return TooMuch(
            fullest_line(markdown),
            "the text takes too long to render; write lists, tables and links more simply",
        )

    def end(self) -> None:
        """End the worker, if there is one."""
        worker, self.worker = self.worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def forget(self) -> None:
        """In a forked process: the worker is the parent's, and nobody here holds the lock."""
        self.worker, self.lock = None, threading.Lock()


def _job(job: str, markdown: str, around: Surroundings, gaps: Sequence[str]) -> Message:
    return {
        "job": job,
        "markdown": markdown,
        "gaps": list(gaps),
        "course": around.course,
        "media": {path: asdict(media) for path, media in around.media.items()},
        "terms": dict(around.terms),
        "language": around.language,
        "strings": dict(around.strings),
    }


def _talk(worker: "subprocess.Popen[bytes]", job: Message, around: Surroundings) -> Message:
    """Send a job and answer the worker's questions about links until the job is done."""
    to, back = cast(BinaryIO, worker.stdin), cast(BinaryIO, worker.stdout)
    _send(to, job)
    while True:
        answer = _receive(back)
        if "link" not in answer:
            return answer
        _send(to, {"address": around.address_of(answer["link"])})


def _send(pipe: BinaryIO, message: Message) -> None:
    data = json.dumps(message).encode()
    pipe.write(len(data).to_bytes(4, "big") + data)
    pipe.flush()


def _receive(pipe: BinaryIO) -> Message:
    size = int.from_bytes(_exactly(pipe, 4), "big")
    return cast(Message, json.loads(_exactly(pipe, size)))


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError("the other side has gone")
    return data


# the worker's side ----------------------------------------------------------------------------


def _differences(markdown: str, around: Surroundings, gaps: Sequence[str]) -> Message:
    return {"differences": [asdict(one) for one in differences(markdown)]}


JOBS: dict[str, Callable[[str, Surroundings, Sequence[str]], Message]] = {
    "render": lambda markdown, around, gaps: asdict(render(markdown, around)),
    "inline": lambda markdown, around, gaps: asdict(render_inline(markdown, around)),
    "stem": lambda markdown, around, gaps: asdict(render_stem(markdown, around, gaps)),
    "differences": _differences,
}


def work() -> None:
    """The worker's life: take a job, do it within its limits, answer; until the input ends."""
    work_in, work_out = sys.stdin.buffer, sys.stdout.buffer
    _limit_memory()
    while True:
        try:
            job = _receive(work_in)
        except EOFError:
            return
        # SIGPROF is left to its default, which ends the process even inside a regular expression.
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        answer = _do(job, work_in, work_out)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _send(work_out, answer)


def _do(job: Mapping[str, Any], work_in: BinaryIO, work_out: BinaryIO) -> Message:
    def ask(path: str) -> str | None:
        _send(work_out, {"link": path})
        return cast("str | None", _receive(work_in)["address"])

    around = Surroundings(
        course=job["course"],
        media={path: Media(**media) for path, media in job["media"].items()},
        terms=job["terms"],
        links=ask,
        language=job["language"],
        strings=job["strings"],
    )
    try:
        return JOBS[job["job"]](job["markdown"], around, job["gaps"])
    except TooMuch as refusal:
        return {"too_much": [refusal.line, refusal.message]}
    except MemoryError:
        line = fullest_line(job["markdown"])
        return {"too_much": [line, "the text takes too much memory; divide the lesson into two"]}
    except Exception:
        return {"failed": traceback.format_exc()}


def _limit_memory() -> None:
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


_WORKSHOP = Workshop()
atexit.register(_WORKSHOP.end)
os.register_at_fork(after_in_child=_WORKSHOP.forget)
