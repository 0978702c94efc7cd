"""What is built can be installed and works: the wheel carries pages, styles, data and migrations."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True
    )
    return next(folder.glob("dateline-*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_everything_that_git_has_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )
    expected = {name for name in tracked if name.startswith(("webapp/", "index/"))}
    expected |= {f"webapp/{name}" for name in tracked if name.startswith(("templates/", "static/", "extension/"))}
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert carried == expected


@pytest.mark.slow
@pytest.mark.parametrize("source", ["wheel", "folder"])
def test_installed_from_a_wheel_or_the_folder_it_serves_a_page(wheel: Path, tmp_path: Path, source: str) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(venv)], check=True)
    # The libraries come from the environment of the tests: what is tried here is our own package.
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    site = next((venv / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(libraries + "\n")
    install = [
        str(venv / "bin/python"),
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--force-reinstall",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(install, check=True, cwd=tmp_path)
    data_dir = str(tmp_path / "archive")
    environment = {**os.environ, "DATELINE_DATA_DIR": data_dir, "PYTHONPATH": "", "PYTHONUNBUFFERED": "1"}
    command = [str(venv / "bin/dateline"), "serve", "--port", "0", "--no-open"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**environment, "PYTHONUNBUFFERED": "1"}, cwd=tmp_path
    )
    assert process.stdout is not None
    try:
        said = ""
        while "Stop with" not in said:
            line = process.stdout.readline().decode()
            assert line, f"it ended: {said}"
            said += line
        address = re.search(r"http://\S+/(?=\n)", said)
        assert address, said
        with urllib.request.urlopen(f"{address[0]}sign-in") as answer:
            assert "Dateline" in answer.read().decode()
        with urllib.request.urlopen(f"{address[0]}static/app.css") as answer:
            assert answer.status == 200
        where = [str(venv / "bin/python"), "-c", "import webapp; print(webapp.__file__)"]
        assert str(venv) in subprocess.run(where, capture_output=True, text=True, cwd=tmp_path, check=True).stdout
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
