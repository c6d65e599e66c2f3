"""A wire of the tests: a `requests` adapter that answers out of a table and remembers what it was asked."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

Said = tuple[int, Mapping[str, str], bytes]
Answer = Said | Callable[[PreparedRequest], Said] | Exception


class Endless(io.BufferedIOBase):
    """A body that never ends; `pause` seconds pass before each of its bytes, where it is not 0."""

    def __init__(self, pause: float = 0):
        self.pause = pause

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        time.sleep(self.pause * (size or 0))
        return b"x" * (size or 0)

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(1 if self.pause else size)


class Wire(HTTPAdapter):
    """`answers` by URL; a URL that is not in it gives 404."""

    def __init__(self, answers: Mapping[str, Answer], body: Any = None):
        super().__init__()
        self.answers = dict(answers)
        self.body = body
        self.asked: list[PreparedRequest] = []
        self._lock = threading.Lock()

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        with self._lock:
            self.asked.append(request)
        answer = self.answers.get(str(request.url), (404, {}, b"not here"))
        if isinstance(answer, Exception):
            raise answer
        status, headers, content = answer(request) if callable(answer) else answer
        body = self.body if self.body is not None else io.BytesIO(content)
        raw = HTTPResponse(body, headers, status, preload_content=False, request_url=request.url)
        return self.build_response(request, raw)

    @property
    def urls(self) -> list[str]:
        return [str(request.url) for request in self.asked]
