"""The database for Datasette (extra `browse`): what its tables, views and columns are, and the prepared queries."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tables import load_toml

if TYPE_CHECKING:
    import sqlite3

HOST = "127.0.0.1"
SQL_SECONDS = 10
"""How long one query may take; Datasette's own limit of a second is short for a hundred thousand components."""

_COLUMN = re.compile(r"^\s+(\w+) [^\n]*?--\s*(.+)$", re.MULTILINE)

AsgiApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def metadata(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    """Datasette's metadata of one database file, which it calls `name`: only of tables and views that the file has."""
    told = load_toml("browse.toml")
    described = {**told["tables"], **told["views"]}
    tables = {}
    for table, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"):
        if table in described:
            columns = dict(_COLUMN.findall(sql)) | told["columns"].get(table, {}) if table in told["tables"] else {}
            tables[table] = {"description": described[table], "columns": columns}
    return {
        "title": "licscan",
        "description": _("Licenses and findings of what was scanned. Read-only. None of it is legal advice."),
        "databases": {
            name: {
                "description": _("Start with a prepared query, or with a view whose name starts with current_."),
                "queries": {key: {**query, "sql": query["sql"].strip()} for key, query in told["queries"].items()},
                "tables": tables,
            }
        },
    }


def datasette_of(path: Path) -> Any:
    """Datasette on a licscan database, which is opened read-only.

    Raises InputError where Datasette is not installed, StoreError where the file is no database of licscan.
    """
    from licscan.store.connection import reading

    try:
        app = import_module("datasette.app")
    except ImportError as error:
        raise InputError(
            _("Datasette is not installed"),
            path="licscan browse",
            remedy=_("install licscan with its extra: {extra}").format(extra="licscan[browse]"),
        ) from error
    with reading(path) as db:
        said = metadata(db, path.stem)
    # where SQLite cannot make its helper files beside the database, the file is taken as one that nobody changes
    fixed = not os.access(path.parent, os.W_OK)
    return app.Datasette(
        files=[] if fixed else [str(path)],
        immutables=[str(path)] if fixed else [],
        metadata=said,
        settings={"sql_time_limit_ms": SQL_SECONDS * 1000, "default_cache_ttl": 0},
    )


def only_local(app: AsgiApp, port: int) -> AsgiApp:
    """The app for requests that name this machine: a web page that binds its own name to it gets nothing."""
    allowed = {f"{host}:{port}".encode() for host in (HOST, "localhost")}

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and dict(scope["headers"]).get(b"host") not in allowed:
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"this server answers to its own machine only\n"})
            return
        await app(scope, receive, send)

    return guarded


def listening(port: int) -> socket.socket:
    """A socket of this machine alone on the port, or on a free one where it is 0; InputError where it is taken."""
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((HOST, port))
        server.listen()  # so that whoever reads the address can connect at once
    except OSError as error:
        server.close()
        raise InputError(
            _("is not available: {reason}").format(reason=error.strerror or str(error)),
            path=f"{HOST}:{port}",
            remedy=_("name another port, or omit it"),
        ) from error
    return server


def serve(datasette: Any, server: socket.socket) -> None:
    """Answer until the user interrupts."""
    uvicorn = import_module("uvicorn")
    app = only_local(datasette.app(), server.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on")).run(sockets=[server])
