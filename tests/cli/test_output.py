"""Standard output whose reader may go: the rest is silence, not another exit status."""

from __future__ import annotations

import os
import subprocess
import sys

_CODE = """
import sys
from crossorigin.cli.output import Output
output = Output()
for number in range(5):
    output.print(number)
sys.stderr.write(f"went on, quiet={output.quiet}")
"""


def test_it_goes_on_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _CODE],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=30,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"went on, quiet=True")


def test_it_prints_while_somebody_reads() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", _CODE], capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, b"0\n1\n2\n3\n4\n")
