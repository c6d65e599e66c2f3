"""What the user's own clients, pip and npm, are configured to use: registries, credentials, certificates, proxies.

Read from files and the environment; neither client is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from licscan.clients.settings import Clients, Credential, Machine, NpmConfig, PipConfig, Transport, basic, nerf

__all__ = ["ClientConfig", "Clients", "Credential", "Machine", "NpmConfig", "PipConfig", "Transport", "basic", "nerf"]


@dataclass(frozen=True)
class ClientConfig:
    """The settings that pip and npm would use, read when asked for: their libraries' defaults cost time to import.

    `project` is the folder whose .npmrc and .yarnrc.yml count.
    """

    machine: Machine
    project: Path | None = None

    @cached_property
    def pip(self) -> PipConfig:
        """What `pip install` would use."""
        from licscan.clients.pip import read_pip_config

        return read_pip_config(self.machine)

    @cached_property
    def npm(self) -> NpmConfig:
        """What `npm install` in the project would use."""
        from licscan.clients.npm import read_npm_config

        return read_npm_config(self.machine, self.project)
