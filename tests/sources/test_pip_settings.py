"""The settings of pip and uv. The oracle is ``pip config list`` where pip is there; otherwise by behaviour."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from firstlight.sources._pip_settings import certificates, pip_configuration, read_index_settings

PYPI = "https://pypi.org/simple"


@pytest.fixture
def env(tmp_path):
    """An environment in which nothing is set, and nothing of this machine's files is seen."""
    (tmp_path / "etc").mkdir()
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "etc"),
        "VIRTUAL_ENV": str(tmp_path / "venv"),
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_CONFIG": "1",
    }


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_without_any_setting_it_is_the_public_index(env):
    assert read_index_settings(env).indexes == (PYPI,)


@pytest.mark.parametrize("name", ["PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"])
def test_an_index_in_the_environment_replaces_the_public_one(env, name):
    assert read_index_settings({**env, name: "https://pkg.example/simple/"}).indexes == (
        "https://pkg.example/simple",
    )


def test_extra_indexes_come_after_the_main_one(env):
    settings = read_index_settings(
        {
            **env,
            "PIP_EXTRA_INDEX_URL": "https://a.example https://b.example",
            "UV_INDEX": "corp=https://c.example",
        }
    )
    assert settings.indexes == (PYPI, "https://a.example", "https://b.example", "https://c.example")


def test_an_index_is_asked_once_however_often_it_is_set(env):
    url = "https://a.example/simple"
    settings = read_index_settings({**env, "PIP_INDEX_URL": url, "UV_INDEX_URL": url + "/"})
    assert settings.indexes == (url,)


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_no_index_leaves_the_links(env, value):
    settings = read_index_settings({**env, "PIP_NO_INDEX": value, "PIP_FIND_LINKS": "/wheels"})
    assert (settings.indexes, settings.find_links) == ((), ("/wheels",))


def test_pips_file_is_read_for_global_and_install(env, tmp_path):
    env["PIP_CONFIG_FILE"] = write(
        tmp_path / "pip.conf",
        "[global]\nindex-url = https://g.example\nfind_links = /wheels\n"
        "[install]\nextra-index-url =\n    https://one.example\n    https://two.example\n"
        "[list]\nindex-url = https://wrong.example\n",
    )
    settings = read_index_settings(env)
    assert settings.indexes == ("https://g.example", "https://one.example", "https://two.example")
    assert settings.find_links == ("/wheels",)


def test_the_environment_comes_before_pips_file(env, tmp_path):
    env["PIP_CONFIG_FILE"] = write(tmp_path / "pip.conf", "[global]\nindex-url = https://file.example\n")
    assert (
        read_index_settings({**env, "PIP_INDEX_URL": "https://env.example"}).indexes[0]
        == "https://env.example"
    )


def test_the_files_are_read_in_pips_order(env, tmp_path):
    del env["PIP_CONFIG_FILE"]
    places = [
        tmp_path / "etc" / "pip" / "pip.conf",
        tmp_path / ".pip" / "pip.conf",
        tmp_path / "config" / "pip" / "pip.conf",
        tmp_path / "venv" / "pip.conf",
    ]
    for i, path in enumerate(places):
        write(path, f"[global]\nindex-url = https://{i}.example\nmark-{i} = x\n")
        found = pip_configuration(env)
        assert found["index-url"] == f"https://{i}.example"
        assert found["mark-0"] == "x"


def test_a_named_file_comes_last_and_hides_the_users_own(env, tmp_path):
    write(tmp_path / ".pip" / "pip.conf", "[global]\nuser = x\n")
    write(tmp_path / "venv" / "pip.conf", "[global]\nindex-url = https://venv.example\nvenv = x\n")
    env["PIP_CONFIG_FILE"] = write(tmp_path / "named.conf", "[global]\nindex-url = https://named.example\n")
    found = pip_configuration(env)
    assert found["index-url"] == "https://named.example"
    assert "user" not in found
    assert "venv" in found


def test_a_broken_file_is_passed_over(env, tmp_path):
    env["PIP_CONFIG_FILE"] = write(tmp_path / "pip.conf", "index-url = https://no-section.example\n")
    assert read_index_settings(env).indexes == (PYPI,)


@pytest.mark.skipif(find_spec("pip") is None, reason="pip is the oracle here")
def test_our_reading_of_the_files_is_pips_own(env, tmp_path):
    del env["PIP_CONFIG_FILE"]
    write(
        tmp_path / "config" / "pip" / "pip.conf", "[global]\nindex_url = https://u.example\ncert = /u.pem\n"
    )
    write(tmp_path / "etc" / "pip" / "pip.conf", "[global]\nindex-url = https://e.example\nTimeout = 7\n")
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True, env=env
    ).stdout
    pips = dict(
        line.removeprefix("global.").split("=", 1) for line in listed.splitlines() if "global." in line
    )
    env["VIRTUAL_ENV"] = sys.prefix
    ours = pip_configuration(env)
    for key in ("index-url", "cert", "timeout"):
        assert repr(ours[key]) == pips[key]


def test_uvs_file_is_read(env, tmp_path):
    del env["UV_NO_CONFIG"]
    env["UV_CONFIG_FILE"] = write(
        tmp_path / "uv.toml",
        '[[index]]\nname = "a"\nurl = "https://a.example"\n'
        '[[index]]\nname = "b"\nurl = "https://b.example"\ndefault = true\n',
    )
    assert read_index_settings(env).indexes == ("https://b.example", "https://a.example")


def test_certificates_default_to_those_of_requests(env):
    assert certificates(env) is True
    assert certificates(env, for_index=True) is True


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "PIP_CERT"])
def test_every_certificate_setting_is_honoured(env, name):
    assert certificates({**env, name: "/bundle.pem"}) == "/bundle.pem"
    assert certificates({**env, name: "/bundle.pem"}, for_index=True) == "/bundle.pem"


def test_pips_own_certificates_come_first_for_the_index_only(env, tmp_path):
    env["PIP_CONFIG_FILE"] = write(tmp_path / "pip.conf", "[global]\ncert = /pip.pem\n")
    assert certificates(env) == "/pip.pem"
    env["SSL_CERT_FILE"] = "/general.pem"
    assert certificates(env) == "/general.pem"
    assert certificates(env, for_index=True) == "/pip.pem"
