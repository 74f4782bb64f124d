"""Grade a class: check every hand-in of a folder, a page for each student, a table for the teacher."""

import sys
from pathlib import Path

import firstlight as fl
from firstlight.checks import write_page

hand_ins = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "hand_ins"
pages = Path("graded")
pages.mkdir(exist_ok=True)

for path in sorted(hand_ins.glob("*.py")):
    try:
        report = fl.check(f"{path}:MyMomentum", like="momentum", args={"lr": 0.1, "momentum": 0.9})
    except fl.TargetError as error:  # it does not import, or has no such class
        print(f"{path.stem:10} -             {error}")
        continue
    write_page(report, pages / f"{path.stem}.html")
    why = f"{report.diagnosis.family}: {report.diagnosis.sentence}" if report.diagnosis else ""
    print(f"{path.stem:10} {report.verdict:13} {why}")
