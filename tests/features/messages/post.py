"""A mail server for tests: it takes letters, or refuses them with the code it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Post(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refuse: int) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.refuse = refuse  # the answer to a recipient; 0 takes him
        self.letters: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Talk(socketserver.StreamRequestHandler):
    server: Post

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            match line.upper().split()[0]:
                case "RCPT" if self.server.refuse:
                    self.say(f"{self.server.refuse} no")
                case "DATA":
                    self.say("354 go on")
                    self.server.letters.append(self.letter())
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 well")

    def letter(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)


@contextmanager
def post(refuse: int = 0) -> Iterator[Post]:
    with Post(refuse) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)
