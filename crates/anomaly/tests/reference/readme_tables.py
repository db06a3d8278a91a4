"""AUROC of the detector and of every baseline over folders of labelled tables, as the README shows them.

    python readme_tables.py PINHOLE P|U PATTERN...

PINHOLE is the program `pinhole`; each PATTERN, such as "mixed/*-plain.csv.gz", is a set of tables whose last column is
the label, 1 for an anomaly. Prints the mean over the tables of each set, method by method, as lines of Markdown. Each
method is fitted three times with other seeds where it depends on them, on the same rows as the others.
"""
import csv, glob, gzip, json, subprocess, sys

pinhole, protocol, patterns = sys.argv[1], sys.argv[2], sys.argv[3:]
for pattern in patterns:
    sums = {}
    paths = sorted(glob.glob(pattern))
    for path in paths:
        opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
        with opened as file:
            label = next(csv.reader(file))[-1]
        command = [pinhole, "evaluate", path, "--label", label, "--anomalous", "1", "--protocol", protocol,
                   "--seeds", "1", "--baselines", "--json"]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for method in result["methods"]:
            sums.setdefault(method["name"], []).append(method["auroc"]["mean"])
        print(path, {name: round(values[-1], 3) for name, values in sums.items()}, file=sys.stderr)
    names = list(sums)
    print(f"| {protocol}, {pattern} ({len(paths)} tables) | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    print("| | " + " | ".join(f"{sum(sums[name]) / len(paths):.3f}" for name in names) + " |")
