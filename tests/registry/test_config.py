from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from licscan.clients import ClientConfig, Machine, NpmConfig, PipConfig
from licscan.clients.npm import default_registry, expand, parse_npmrc
from licscan.clients.pip import config_files, default_index

SECRET = "s3cr3t"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "project").mkdir()
    return tmp_path / "home"


def read(home: Path, environment: Mapping[str, str] | None = None, platform: str = "linux") -> ClientConfig:
    root = home.parent
    machine = Machine(home, dict(environment or {}), platform, root / "venv", root / "node", root / "root")
    return ClientConfig(machine, root / "project")


def pip(home: Path, environment: Mapping[str, str] | None = None) -> PipConfig:
    return read(home, environment).pip


def npm(home: Path, environment: Mapping[str, str] | None = None) -> NpmConfig:
    return read(home, environment).npm


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_without_settings_the_libraries_defaults_hold(home: Path) -> None:
    assert npm(home).registry == default_registry()
    assert pip(home).indexes == (default_index(),)
    assert not npm(home).configured
    assert not pip(home).configured


def test_pip_files_rise_from_global_over_user_and_site_to_the_environment(home: Path) -> None:
    root = home.parent
    write(root / "root/etc/pip.conf", "[global]\nindex-url = https://global.example/simple\ncert = /ca.pem\n")
    assert pip(home).indexes == ("https://global.example/simple/",)
    write(home / ".config/pip/pip.conf", "[global]\nindex_url = https://user.example/simple\n")
    assert pip(home).indexes == ("https://user.example/simple/",)
    write(root / "venv/pip.conf", "[install]\nindex-url = https://site.example/simple\n")
    assert pip(home).indexes == ("https://site.example/simple/",)
    named = {"PIP_CONFIG_FILE": str(root / "named.conf")}
    write(root / "named.conf", "[global]\nextra-index-url =\n  https://a.example/\n  file:///srv/simple\n")
    assert pip(home, named).indexes == ("https://site.example/simple/", "https://a.example/", "file:///srv/simple/")
    assert pip(home, {**named, "PIP_INDEX_URL": "https://env.example"}).indexes[0] == "https://env.example/"
    assert pip(home, {"PIP_CONFIG_FILE": os.devnull}).indexes == (default_index(),)
    assert pip(home).transport.ca_file == "/ca.pem"


def test_a_named_file_stands_in_for_the_users(home: Path) -> None:
    write(home / ".pip/pip.conf", "[global]\nextra-index-url = https://user.example/\n")
    write(home / "named.conf", "[global]\n")
    assert len(pip(home).indexes) == 2
    assert len(pip(home, {"PIP_CONFIG_FILE": str(home / "named.conf")}).indexes) == 1


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("win32", {"APPDATA": "/appdata", "PROGRAMDATA": "/programdata"}, "/appdata/pip/pip.ini"),
        ("win32", {"APPDATA": "/appdata", "PROGRAMDATA": "/programdata"}, "/programdata/pip/pip.ini"),
        ("darwin", {}, "Library/Application Support/pip/pip.conf"),
        ("linux", {"XDG_CONFIG_DIRS": "/one:/two"}, "/two/pip/pip.conf"),
    ],
)
def test_each_platform_has_its_places(home: Path, platform: str, environment: dict[str, str], expected: str) -> None:
    files = [path.as_posix() for path in config_files(read(home, environment, platform).machine)]
    assert any(path.endswith(expected) for path in files)


def test_passwords_in_urls_and_netrc_are_credentials_and_not_shown(home: Path) -> None:
    write(home / ".netrc", f"machine a.example login me password {SECRET}\nmachine z.example login x password y\n")
    (home / ".netrc").chmod(0o600)
    found = pip(
        home, {"PIP_INDEX_URL": f"https://u:{SECRET}%40@b.example/simple", "PIP_EXTRA_INDEX_URL": "https://a.example/s"}
    )
    assert found.indexes == ("https://b.example/simple/", "https://a.example/s/")
    assert {c.prefix: c.authorization for c in found.credentials} == {
        "//b.example/simple/": basic(f"u:{SECRET}@"),
        "//a.example/": basic(f"me:{SECRET}"),
    }
    assert SECRET not in repr(found)


def test_pips_other_settings(home: Path) -> None:
    environment = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "/wheels https://u:p@x.example/links",
        "PIP_TRUSTED_HOST": "a.example b.example:8080",
        "PIP_PROXY": f"http://u:{SECRET}@proxy.example:1",
        "PIP_DEFAULT_TIMEOUT": "7",
        "PIP_CLIENT_CERT": "/c.pem",
    }
    found = pip(home, environment)
    assert found.indexes == ()
    assert found.find_links == ("/wheels", "https://x.example/links")
    assert found.transport.trusted_hosts == ("a.example", "b.example:8080")
    assert (found.transport.timeout, found.transport.client_cert) == (7.0, "/c.pem")
    assert SECRET not in repr(found)


def test_uvs_variables_count_where_pip_has_none(home: Path) -> None:
    uv = {"UV_DEFAULT_INDEX": "https://uv.example/simple", "UV_INDEX": "named=https://more.example/simple"}
    assert pip(home, uv).indexes == ("https://uv.example/simple/", "https://more.example/simple/")
    assert pip(home, {**uv, "PIP_INDEX_URL": "https://pip.example"}).indexes[0] == "https://pip.example/"


@pytest.mark.parametrize(
    "text", ["no section = 1", "[global\n", "[global]\nindex-url = https://[x\n", "\0\0", "[global]\n=\n"]
)
def test_damaged_pip_files_are_passed_over(home: Path, text: str) -> None:
    write(home / ".config/pip/pip.conf", text)
    assert isinstance(pip(home).indexes, tuple)


def test_npm_files_rise_from_global_over_user_and_project_to_the_environment(home: Path) -> None:
    root = home.parent
    write(root / "node/etc/npmrc", "registry=https://global.example\n")
    assert npm(home).registry == "https://global.example/"
    write(home / ".npmrc", "; comment\nregistry = https://user.example/npm\n@corp:registry=https://corp.example\n")
    assert npm(home).registry == "https://user.example/npm/"
    write(root / "project/.npmrc", 'registry="https://project.example"\n')
    assert npm(home).registry == "https://project.example/"
    assert npm(home, {"NPM_CONFIG_REGISTRY": "https://env.example"}).registry == "https://env.example/"
    assert npm(home).registry_of("@corp/x") == "https://corp.example/"
    assert npm(home).registry_of("x") == "https://project.example/"
    assert npm(home, {"npm_config_userconfig": str(home / "none")}).scopes == ()


def test_npm_credentials_of_every_kind_are_bound_and_not_shown(home: Path) -> None:
    password = base64.b64encode(SECRET.encode()).decode()
    lines = [
        "registry=https://r.example/",
        "//r.example/:_authToken=${TOKEN}",
        f"//a.example/npm/:_auth={password}",
        "//b.example/:username=me",
        f"//b.example/:_password={password}",
        f"//broken.example/:_password={password}",
        "//unset.example/:_authToken=${UNSET}",
        "//bad.example/:username=me",
        "//bad.example/:_password=%%%",
    ]
    write(home / ".npmrc", "\n".join(lines))
    found = npm(home, {"TOKEN": SECRET})
    assert {c.prefix: c.authorization for c in found.credentials} == {
        "//r.example/": f"Bearer {SECRET}",
        "//a.example/npm/": f"Basic {password}",
        "//b.example/": basic(f"me:{SECRET}"),
    }
    assert SECRET not in repr(found)
    assert SECRET not in repr(read(home, {"TOKEN": SECRET}).machine)


def test_an_unbound_token_is_for_the_users_registry_whatever_the_project_says(home: Path) -> None:
    write(home / ".npmrc", f"registry=https://user.example/\n_authToken={SECRET}\n")
    write(home.parent / "project/.npmrc", "registry=https://evil.example/\n")
    found = npm(home)
    assert found.registry == "https://evil.example/"
    assert [credential.prefix for credential in found.credentials] == ["//user.example/"]


def test_a_project_takes_nothing_out_of_the_environment_to_a_host_of_its_own(home: Path) -> None:
    lines = [
        "registry=https://evil.example/${TOKEN}/",
        "//evil.example/:_authToken=${TOKEN}",
        "@x:registry=https://${TOKEN}.evil.example/",
        "//user.example/:_authToken=${TOKEN}",
        "cafile=/evil.pem",
        "strict-ssl=false",
        "https-proxy=http://evil.example",
        "script-shell=/evil",
    ]
    write(home / ".npmrc", "@mine:registry=https://user.example/\n")
    write(home.parent / "project/.npmrc", "\n".join(lines))
    found = npm(home, {"TOKEN": SECRET})
    assert found.registry == default_registry()
    assert [credential.prefix for credential in found.credentials] == ["//user.example/"]
    assert (found.transport.ca_file, found.transport.verify, found.transport.proxy) == (None, True, None)


def test_yarns_registries_are_read(home: Path) -> None:
    text = "npmRegistryServer: https://yarn.example\nnpmScopes:\n  corp:\n    npmRegistryServer: https://corp.example\n"
    write(home.parent / "project/.yarnrc.yml", text)
    assert npm(home).registry == "https://yarn.example/"
    assert npm(home).scopes == (("@corp", "https://corp.example/"),)


@pytest.mark.parametrize("text", ["a: [", "- x", "npmScopes: 3", "npmScopes: {a: 1}", "npmRegistryServer: [x]", ""])
def test_damaged_yarn_files_are_passed_over(home: Path, text: str) -> None:
    write(home.parent / "project/.yarnrc.yml", text)
    assert npm(home).registry == default_registry()


@pytest.mark.parametrize("url", ["ftp://x.example", "https://", "https://[x", "javascript:1", "null", ""])
def test_a_registry_that_is_no_address_is_none(home: Path, url: str) -> None:
    write(home / ".npmrc", f"registry={url}\n@a:registry={url}\n")
    assert npm(home).registry == default_registry()
    assert npm(home).scopes == ()


def test_npmrc_syntax() -> None:
    text = "[section]\n#a=1\n;b=2\nc = 'three'\nd[]=4\ne\nf=a=b\n"
    assert parse_npmrc(text) == {"c": "three", "f": "a=b"}


def test_variables() -> None:
    assert expand("${A}-${B}-${C?}", {"A": "1"}) == "1-${B}-"


def test_npms_certificates_and_proxy(home: Path) -> None:
    write(home / ".npmrc", "cafile=/ca.pem\nstrict-ssl=false\nhttps-proxy=http://p.example\nfetch-timeout=5000\n")
    transport = npm(home).transport
    assert (transport.ca_file, transport.verify, transport.proxy) == ("/ca.pem", False, "http://p.example")
    assert transport.timeout == 5.0
