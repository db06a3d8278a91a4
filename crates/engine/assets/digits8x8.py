"""Makes digits8x8.bin.gz from scikit-learn's copy of the UCI "Optical recognition of handwritten digits" test part.

    python digits8x8.py sklearn/datasets/data/digits.csv.gz digits8x8.bin.gz

Each line of the CSV has 64 values, 0 to 16 (how many pixels of a 4x4 block of the scanned 32x32 bitmap are ink), and the
digit's class, 0 to 9. The result is 1,797 x 65 bytes in the same order, deflated.
"""

import gzip
import sys

source, target = sys.argv[1:]
with gzip.open(source, "rt") as lines:
    rows = [[int(float(value)) for value in line.split(",")] for line in lines]
assert len(rows) == 1797
assert all(len(row) == 65 and 0 <= min(row) and max(row[:64]) <= 16 and row[64] <= 9 for row in rows)
with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
    packed.write(bytes(value for row in rows for value in row))
