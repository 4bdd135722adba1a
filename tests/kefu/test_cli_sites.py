"""`kefu site show` and `kefu site set`."""

import json
from pathlib import Path

from ruamel.yaml import YAML

from tests.kefu.test_cli import runner


def test_settings_go_round_as_a_file(tmp_path: Path) -> None:
    kefu = runner(tmp_path / "var")
    assert kefu("db", "upgrade").returncode == 0
    assert kefu("site", "add", "shop", "--name", "Shop").returncode == 0
    shown = kefu("site", "show", "shop")
    assert shown.returncode == 0, shown.stderr
    settings = YAML(typ="safe", pure=True).load(shown.stdout)
    assert settings == json.loads(kefu("site", "show", "shop", "--json").stdout)
    settings["appearance"]["title"] = "帮助"
    file = tmp_path / "site.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    done = kefu("site", "set", "shop", "--file", str(file))
    assert (done.returncode, done.stdout) == (0, "shop is set (version 2)\n")
    assert "帮助" in kefu("site", "show", "shop").stdout
    wrong = tmp_path / "wrong.yaml"
    for content, reason in (
        ("appearance: {accent: red}", "appearance.accent"),
        ("colour: red", "colour"),
        ("- a list", "settings by their names"),
        ("a: [", "not readable at line"),
    ):
        wrong.write_text(content, encoding="utf-8")
        refused = kefu("site", "set", "shop", "--file", str(wrong))
        assert refused.returncode == 1
        assert reason in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert kefu("site", "set", "shop", "--file", str(tmp_path / "absent")).returncode == 1
    assert kefu("site", "show", "nobody").returncode == 1
