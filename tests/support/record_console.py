#!/usr/bin/env python3
"""Records what `terraform console` makes of each line of tests/data/console/expressions.txt.

Writes tests/data/console/expressions.json: a list of {expression, result} and {expression, error}. Needs terraform on
the PATH and no provider. Run it after adding expressions; the test of crates/lang compares its own results with the file.
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "console"


def expressions():
    lines = (DATA / "expressions.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def evaluate(expression, folder):
    """The outcome of one expression. base64 and JSON carry any value through the console's own quoting."""
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "empty.tfrc"), "CHECKPOINT_DISABLE": "1"}
    console = subprocess.run(
        ["terraform", "console", "-no-color"],
        input=f"base64encode(jsonencode({expression}))\n",
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
    )
    answer = console.stdout.strip()
    if console.returncode == 0 and re.fullmatch(r'"[A-Za-z0-9+/=]*"', answer):
        result = base64.b64decode(answer.strip('"'))
        return {"expression": expression, "result": json.loads(result)}
    words = re.sub(r"\s+", " ", console.stderr + " " + console.stdout).strip()
    words = re.sub(r"on <console-input> line \d+:? (\(source code not available\) )?", "", words)
    return {"expression": expression, "error": words.removeprefix("Error: ")[:300]}


def evaluate_all(part):
    """Each part in a folder of its own: the console locks its state."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "files"
        shutil.copytree(DATA / "files", folder)
        (folder / "empty.tfrc").touch()
        return [evaluate(expression, folder) for expression in part]


def main():
    lines = expressions()
    middle = len(lines) // 2
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        first, second = pool.map(evaluate_all, [lines[:middle], lines[middle:]])
    outcomes = first + second
    rows = ",\n".join(json.dumps(outcome, ensure_ascii=False) for outcome in outcomes)
    (DATA / "expressions.json").write_text(f"[\n{rows}\n]\n")
    failed = sum("error" in outcome for outcome in outcomes)
    print(f"{len(outcomes)} expressions, {failed} of them errors")


if __name__ == "__main__":
    main()
