"""apprise_send.py PORT COUNT as-shipped|unthrottled BYTES: sends mails one after the other by Apprise.

The first is not timed: no pause comes before it.
"""
import json
import resource
import sys
import time

import apprise
from apprise.plugins.email import NotifyEmail

port, count, pace, size = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
if pace == "unthrottled":
    NotifyEmail.request_rate_per_sec = 0

sender = apprise.Apprise()
sender.add(f"mailto://127.0.0.1:{port}?from=nas@example.com&to=ops@example.com&mode=insecure")
for number in range(count + 1):
    if number == 1:
        began = time.monotonic()
    if not sender.notify(title="Disk 2 failed", body="x" * size, body_format="text"):
        sys.exit("Apprise could not send")
seconds = time.monotonic() - began
print(json.dumps({"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
