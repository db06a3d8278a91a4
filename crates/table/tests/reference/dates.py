"""Makes dates.json: what Python's datetime makes of texts in many styles.

    python dates.py > dates.json

Each case: the text, whether the day comes first, and the seconds since 1970-01-01 UTC (null: no date).
"""

import json
import random
from datetime import datetime, timedelta, timezone

random.seed(7)
STYLES = [
    ("%Y-%m-%d", False), ("%Y-%m-%d %H:%M:%S", False), ("%Y-%m-%dT%H:%M:%S", False), ("%Y-%m-%dT%H:%M:%SZ", False),
    ("%Y-%m-%dT%H:%M:%S.%f", False), ("%Y/%m/%d %H:%M", False), ("%d/%m/%Y", True), ("%m/%d/%Y", False),
    ("%d/%m/%Y %H:%M", True), ("%m/%d/%Y %I:%M:%S %p", False), ("%d.%m.%Y", False), ("%d.%m.%Y %H:%M", True),
    ("%d-%m-%Y", True), ("%d %b %Y", False), ("%d %B %Y", False), ("%B %d, %Y", False), ("%b %d, %Y %H:%M", False),
    ("%d-%b-%y", False), ("%d/%m/%y", True), ("%a, %d %b %Y %H:%M:%S +0000", False),
]  # fmt: skip
EPOCH = datetime(1970, 1, 1)
cases = []
for style, day_first in STYLES:
    for _ in range(5):
        moment = datetime(1971, 1, 1) + timedelta(microseconds=random.randrange(98 * 365 * 86_400 * 1_000_000))
        text = moment.strftime(style)
        seconds = (datetime.strptime(text, style).replace(tzinfo=None) - EPOCH).total_seconds()
        cases.append({"text": text, "day_first": day_first, "seconds": seconds})
for text in ["2004-03-10T18:00:00+02:00", "2004-03-10T18:00:00-05:30", "1969-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00"]:
    seconds = (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()
    cases.append({"text": text, "day_first": False, "seconds": seconds})
for text in ["", "2004", "20040310", "2004-13-01", "2004-02-30", "13/13/2004", "18.00", "abc", "1.2.3", "tcp", "10/03", "may"]:
    cases.append({"text": text, "day_first": False, "seconds": None})
print(json.dumps(cases, indent=0))
